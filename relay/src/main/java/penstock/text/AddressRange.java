package penstock.text;

import java.net.InetAddress;

/** One IP address, or a block of them in CIDR notation (RFC 4632, RFC 4291). Immutable. */
public final class AddressRange {
    private final byte[] prefix;
    private final int bits;

    private final String text;

    private AddressRange(final String text, final byte[] prefix, final int bits) {
        this.text = text;
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Reads {@code 192.0.2.1}, {@code 10.0.0.0/8} or {@code 2001:db8::/32}; null if {@code text} is none of these. */
    public static AddressRange parse(final String text) {
        final int slash = text.indexOf('/');
        final InetAddress address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        final byte[] prefix = address.getAddress();
        final int all = prefix.length * Byte.SIZE;
        final String length = slash < 0 ? Integer.toString(all) : text.substring(slash + 1);
        final int bits = length.matches("[0-9]{1,3}") ? Integer.parseInt(length) : all + 1;
        return bits > all ? null : new AddressRange(text, prefix, bits);
    }

    /** Whether {@code address} is in the block. */
    public boolean contains(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        boolean isSame = bytes.length == prefix.length;
        for (int i = 0; isSame && i * Byte.SIZE < bits; i++) {
            final int unused = Math.max(0, (i + 1) * Byte.SIZE - bits);
            isSame = (bytes[i] & 0xff) >> unused == (prefix[i] & 0xff) >> unused;
        }
        return isSame;
    }

    /** As it was read. */
    @Override
    public String toString() {
        return text;
    }
}
