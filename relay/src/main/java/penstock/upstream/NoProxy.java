package penstock.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The hosts that are reached without a proxy: loopback, and those of {@code NO_PROXY} as curl reads it. An entry is a
 * domain that stands for its subdomains too, with or without a leading dot; an address; a block like {@code
 * 10.0.0.0/8}; or {@code *} for all. Immutable.
 */
final class NoProxy {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private final List<String> entries;

    NoProxy(final String entries) {
        this.entries = SEPARATOR.splitAsStream(entries).filter(entry -> !entry.isEmpty()).map(NoProxy::plain).toList();
    }

    /** {@code host}: a name or an address, IPv6 with or without brackets. */
    boolean contains(final String host) {
        final String name = plain(host);
        final byte[] address = address(name);
        return isLoopback(name, address) || entries.stream().anyMatch(entry -> matches(entry, name, address));
    }

    private static boolean isLoopback(final String name, final byte[] address) {
        if (address == null) {
            return name.equals("localhost") || name.endsWith(".localhost");
        }
        return isInBlock(address, "127.0.0.0/8") || isInBlock(address, "::1/128");
    }

    private static boolean matches(final String entry, final String name, final byte[] address) {
        if (entry.equals("*")) {
            return true;
        }
        return address == null ? name.equals(entry) || name.endsWith("." + entry) : isInBlock(address, entry);
    }

    /** {@code block}: an address, or an address and the number of leading bits that count. */
    private static boolean isInBlock(final byte[] address, final String block) {
        final String[] parts = block.split("/", 2);
        final byte[] base = address(parts[0]);
        if (base == null || base.length != address.length || parts.length == 2 && !parts[1].matches("[0-9]{1,3}")) {
            return false;
        }
        final int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : 8 * base.length;
        final int whole = bits / 8;
        if (bits > 8 * base.length || !Arrays.equals(address, 0, whole, base, 0, whole)) {
            return false;
        }
        final int mask = 0xff00 >> bits % 8;
        return bits % 8 == 0 || ((address[whole] ^ base[whole]) & mask & 0xff) == 0;
    }

    /** The bytes of an address; null for a name, which is never looked up. */
    private static byte[] address(final String text) {
        if (text.indexOf(':') < 0 && !IPV4.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (final UnknownHostException e) {
            return null;
        }
    }

    private static String plain(final String text) {
        final String lower = text.toLowerCase(Locale.ROOT);
        final int from = lower.startsWith(".") || lower.startsWith("[") ? 1 : 0;
        final int to = lower.length() - (lower.endsWith(".") || lower.endsWith("]") ? 1 : 0);
        return from < to ? lower.substring(from, to) : lower;
    }
}
