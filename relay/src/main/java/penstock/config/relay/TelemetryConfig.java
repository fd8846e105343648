package penstock.config.relay;

/**
 * Where the relay keeps the counters and errors that {@code relay stat} and {@code relay errors} read. {@code dir} is
 * null if the relay derives it from user and port. Immutable.
 */
public record TelemetryConfig(String dir) {
    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
