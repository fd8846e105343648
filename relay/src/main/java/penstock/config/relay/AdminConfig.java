package penstock.config.relay;

import penstock.config.Secret;

/**
 * The operator's listener. {@code port} 0 takes any free port; {@code token} is null if none is required. Immutable.
 */
public record AdminConfig(boolean enabled, String host, int port, @Secret String token,
        ServerConfig.Tls tls) {
    /** Without TLS. */
    public AdminConfig(final boolean enabled, final String host, final int port, final String token) {
        this(enabled, host, port, token, ServerConfig.Tls.OFF);
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
