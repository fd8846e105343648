package penstock.time;

import java.util.List;

/** The times at which silence is a fault. Immutable. */
public interface Hours {
    /** {@code epochUs}: the time of a wall clock, in µs since 1970 UTC. */
    boolean isOpen(long epochUs);

    /** True if silence is always a fault. */
    boolean isAlways();

    /** The times at which one of several is open; of none, always. */
    static Hours anyOf(final List<Hours> several) {
        if (several.isEmpty() || several.stream().anyMatch(Hours::isAlways)) {
            return OpenHours.ALWAYS;
        }
        return several.stream().distinct().count() == 1 ? several.get(0) : new AnyOf(List.copyOf(several));
    }

    /** The union of several. */
    record AnyOf(List<Hours> several) implements Hours {
        @Override
        public boolean isOpen(final long epochUs) {
            return several.stream().anyMatch(hours -> hours.isOpen(epochUs));
        }

        @Override
        public boolean isAlways() {
            return false;
        }
    }
}
