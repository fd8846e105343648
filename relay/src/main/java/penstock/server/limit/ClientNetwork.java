package penstock.server.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What counts as one client address: an IPv4 address, or the network of an IPv6 address (/64), because one host has all
 * addresses in it. Stateless.
 */
final class ClientNetwork {
    /** No network begins like this: it is where IPv6 maps IPv4 addresses. */
    private static final long IPV4 = 0xffff_0000_0000L;

    private ClientNetwork() {
    }

    /** A number for the network; equal for the same networks alone. */
    static long of(final InetAddress address) {
        final ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ? bytes.getLong(0) : IPV4 | bytes.getInt(0) & 0xffff_ffffL;
    }
}
