package penstock.config;

/**
 * The whole configuration of a relay, checked. Its text is the effective configuration as HOCON, secrets masked.
 * Immutable.
 */
public record RelayConfig(FeedConfig feed, ServerConfig server, FanoutConfig fanout, RingConfig ring, AuthConfig auth,
        AdminConfig admin, TelemetryConfig telemetry) {
    /** The effective configuration as HOCON, with every key and masked secrets. */
    public String toHocon() {
        return EffectiveConfig.lines(this);
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
