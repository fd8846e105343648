package penstock.reload;

/** A change of the running relay that has been prepared: everything of it that can fail has succeeded. */
@FunctionalInterface
public interface LiveStep {
    /** Puts it into force. */
    void apply();

    /** Whether it is about that key of its part; what is not needs a restart. */
    default boolean covers(final String key) {
        return true;
    }

    /** It is not wanted: another part of the same reload has a mistake. */
    default void discard() {
    }
}
