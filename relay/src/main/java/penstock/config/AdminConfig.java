package penstock.config;

/**
 * The operator's listener. {@code port} 0 takes any free port; {@code token} is null if none is required. Immutable.
 */
public record AdminConfig(boolean enabled, String host, int port, @Secret String token) {
    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
