package penstock.config.relay;

/**
 * The usage ledger. Immutable.
 *
 * @param dir        its directory; null = usage is not counted
 * @param intervalMs milliseconds from one append to the next
 */
public record UsageConfig(String dir, long intervalMs) {
    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
