package penstock.server.edge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.text.IpLiteral;

/**
 * The header of the PROXY protocol, version 1 (a line of text) or 2 (binary), as its specification defines both: who
 * connected to the proxy. It says how many bytes the header has at least, so that nothing that follows is read.
 *
 * <p>Owned by the io thread of the connection.
 */
final class ProxyHeader {
    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final Pattern LINE =
        Pattern.compile("PROXY TCP([46]) ([^ ]+) ([^ ]+) ([0-9]{1,5}) ([0-9]{1,5})\r\n");
    private static final Pattern UNKNOWN_LINE = Pattern.compile("PROXY UNKNOWN( [^\r\n]*)?\r\n");
    /** {@code PROXY UNKNOWN} and the end of the line. */
    private static final int MIN_TEXT = 15;
    private static final int MAX_TEXT = 107;
    private static final int BINARY_HEAD = 16;
    /** Addresses and the additional fields of common proxies. */
    private static final int MAX_BINARY = 1_024;
    private static final int TCP_IPV4 = 0x11;
    private static final int TCP_IPV6 = 0x21;

    private final ByteBuffer bytes = ByteBuffer.allocate(MAX_BINARY);
    private InetSocketAddress source;
    private boolean isComplete;

    /** The header is malformed, or no header at all. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Where to put the next bytes: as many as are certain to belong to the header. */
    ByteBuffer room() {
        return bytes.limit(bytes.position() + missing());
    }

    /** Whether nothing has come. */
    boolean isEmpty() {
        return bytes.position() == 0;
    }

    /** Looks at the bytes that came; true if the header is complete. */
    boolean isComplete() throws MalformedException {
        if (!isEmpty()) {
            if (begins(BINARY)) {
                readBinary();
            } else if (begins(TEXT)) {
                readText();
            } else {
                throw new MalformedException();
            }
        }
        return isComplete;
    }

    /** Who connected to the proxy; null if it was the proxy itself, or somebody it does not name. */
    InetSocketAddress source() {
        return source;
    }

    private int missing() {
        final int count = bytes.position();
        if (count > 0 && bytes.get(0) == BINARY[0]) {
            return (count < BINARY_HEAD ? BINARY_HEAD : BINARY_HEAD + length()) - count;
        }
        return count < MIN_TEXT ? MIN_TEXT - count : bytes.get(count - 1) == '\r' ? 1 : 2;
    }

    private boolean begins(final byte[] signature) {
        boolean isSame = true;
        for (int i = 0; isSame && i < Math.min(signature.length, bytes.position()); i++) {
            isSame = bytes.get(i) == signature[i];
        }
        return isSame;
    }

    private void readText() throws MalformedException {
        final String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        final int end = text.indexOf("\r\n");
        isComplete = end >= 0;
        if (text.length() > MAX_TEXT || end >= 0 && end < text.length() - 2
                || !isComplete && text.substring(0, text.length() - 1).indexOf('\r') >= 0
                || !isComplete && text.indexOf('\n') >= 0) {
            throw new MalformedException();
        }
        if (isComplete) {
            if (!UNKNOWN_LINE.matcher(text).matches()) {
                source = source(LINE.matcher(text));
            }
        }
    }

    private static InetSocketAddress source(final Matcher line) throws MalformedException {
        if (line.matches()) {
            final InetAddress from = IpLiteral.parse(line.group(2));
            final InetAddress to = IpLiteral.parse(line.group(3));
            final boolean isIpv4 = line.group(1).equals("4");
            final int port = Integer.parseInt(line.group(4));
            if (from != null && to != null && isIpv4 == line.group(2).indexOf(':') < 0
                    && isIpv4 == line.group(3).indexOf(':') < 0 && port <= 0xffff
                    && Integer.parseInt(line.group(5)) <= 0xffff) {
                return new InetSocketAddress(from, port);
            }
        }
        throw new MalformedException();
    }

    private void readBinary() throws MalformedException {
        final int count = bytes.position();
        if (count < BINARY_HEAD) {
            return;
        }
        final int command = bytes.get(BINARY.length) & 0xff;
        final int family = bytes.get(BINARY.length + 1) & 0xff;
        final boolean isOfProxy = command == 0x20;
        final boolean isUnnamed = isOfProxy || family == 0;
        final int needed = isUnnamed ? 0 : family == TCP_IPV4 ? 12 : 36;
        if (!isOfProxy && command != 0x21 || !isUnnamed && family != TCP_IPV4 && family != TCP_IPV6
                || length() < needed || BINARY_HEAD + length() > MAX_BINARY) {
            throw new MalformedException();
        }
        if (count == BINARY_HEAD + length()) {
            isComplete = true;
            source = isUnnamed ? null : binarySource(family == TCP_IPV4 ? 4 : 16);
        }
    }

    private InetSocketAddress binarySource(final int addressBytes) {
        final byte[] address = new byte[addressBytes];
        bytes.get(BINARY_HEAD, address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address),
                bytes.getShort(BINARY_HEAD + 2 * addressBytes) & 0xffff);
        } catch (final UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + addressBytes + " bytes", impossible);
        }
    }

    private int length() {
        return bytes.getShort(BINARY_HEAD - 2) & 0xffff;
    }
}
