package penstock.config.relay;

import java.util.List;
import penstock.config.Inline;

/**
 * The subscribers' listener. {@code ioThreads} 0 uses one thread per core, except one core. Immutable.
 */
public record ServerConfig(@Inline Address listen, int ioThreads, @Inline Limits limits, @Inline Edge edge,
        boolean publicMetrics, boolean deflate, @Inline Life life) {

    /** The threads that serve subscribers. */
    public int threads() {
        return ioThreads > 0 ? ioThreads : defaultThreads();
    }

    /** The feed thread would wait behind a time slice of theirs, and so would a subscriber on the same machine. */
    static int defaultThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    /**
     * How it begins and ends.
     *
     * @param warmUp      whether it answers requests of its own before it listens
     * @param drainTimeMs for sessions to end
     */
    public record Life(boolean warmUp, long drainTimeMs) {
    }

    /** Where the server listens, and with which certificate; port 0 takes any free port. */
    public record Address(String host, int port, Tls tls) {
        /** Without TLS. */
        public Address(final String host, final int port) {
            this(host, port, Tls.OFF);
        }

        /** Whether only this machine can connect. */
        public boolean isLoopback() {
            return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}") || host.equals("::1");
        }
    }

    /**
     * TLS of a listener. The files are PEM.
     *
     * @param certificate        the listener's own certificate first, then those of the authorities; null = no TLS
     * @param key                the private key of the certificate
     * @param clientAuthorities  who may vouch for clients; null = none
     * @param clientCertificates whether clients show a certificate
     */
    public record Tls(String certificate, String key, String clientAuthorities,
            ClientCertificates clientCertificates) {
        /** Plain HTTP. */
        public static final Tls OFF = new Tls(null, null, null, ClientCertificates.NONE);

        /** True if the listener speaks TLS, and nothing else. */
        public boolean isOn() {
            return certificate != null;
        }
    }

    /** Whether clients show a certificate. */
    public enum ClientCertificates {
        /** They are not asked. */
        NONE,
        /** They are asked; one that is shown must be valid. */
        OPTIONAL,
        /** Without a valid one there is no connection. */
        REQUIRED
    }

    /**
     * Who may send requests.
     *
     * @param hostNames      names under which clients reach the relay
     * @param allowedOrigins pages of other hosts that may use it; {@code *} is every page
     * @param trustedProxies addresses and blocks of proxies whose word on their clients counts
     * @param proxyProtocol  whether they send the PROXY protocol
     */
    public record Edge(List<String> hostNames, List<String> allowedOrigins, List<String> trustedProxies,
            boolean proxyProtocol, @Inline Quotas quotas) {
    }

    /**
     * What clients may ask for; 0 = no limit. An address of IPv6 is its network, /64.
     *
     * @param maxSessionsPerAddress         sessions of one address at the same time
     * @param handshakesPerSecond           handshakes of all clients
     * @param handshakesPerSecondPerAddress handshakes of one address
     * @param requestsPerSecondPerAddress   requests of one address, in all its sessions
     * @param subscriptionsPerAddress       subscriptions of one address at the same time
     * @param symbolsPerAddress             symbols and patterns of one address at the same time
     */
    public record Quotas(int maxSessionsPerAddress, int handshakesPerSecond, int handshakesPerSecondPerAddress,
            int requestsPerSecondPerAddress, int subscriptionsPerAddress, int symbolsPerAddress) {
        /** Without limits of what sessions ask for. */
        public Quotas(final int maxSessionsPerAddress, final int handshakesPerSecond,
                final int handshakesPerSecondPerAddress) {
            this(maxSessionsPerAddress, handshakesPerSecond, handshakesPerSecondPerAddress, 0, 0, 0);
        }
    }

    /**
     * How much the server spends on its sessions.
     *
     * @param sendBufferBytes size of the kernel's send buffer of each connection
     * @param maxSessions     sessions at the same time
     * @param maxFrameBytes   size of one message from a subscriber
     */
    public record Limits(int sendBufferBytes, int maxSessions, int maxFrameBytes) {
    }
}
