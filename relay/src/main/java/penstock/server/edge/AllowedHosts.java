package penstock.server.edge;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import penstock.text.IpLiteral;

/**
 * The names under which clients may reach the relay (RFC 9110, 7.4). A page of a stranger can let a name of its own
 * point to the relay's address; the browser then takes the relay for the page's own server. So a request must name the
 * relay by its IP address, as {@code localhost}, or by a name of the configuration. Immutable.
 */
public final class AllowedHosts {
    private static final String LOCAL = "localhost";

    private final Set<String> names;

    /** {@code names} without ports; their case does not count. */
    public AllowedHosts(final Collection<String> names) {
        this.names = names.stream().map(AllowedHosts::canonical).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether {@code host}, with or without a port, is an IP address or one of the names. */
    boolean admits(final String host) {
        if (host.startsWith("[")) {
            final int end = host.indexOf(']');
            return end > 0 && IpLiteral.parse(host.substring(1, end)) != null;
        }
        final int port = host.lastIndexOf(':');
        final String name = canonical(port < 0 ? host : host.substring(0, port));
        return name.equals(LOCAL) || name.endsWith('.' + LOCAL) || names.contains(name)
            || name.indexOf(':') < 0 && IpLiteral.parse(name) != null;
    }

    /** A final dot says that a name is complete. */
    private static String canonical(final String name) {
        final String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
