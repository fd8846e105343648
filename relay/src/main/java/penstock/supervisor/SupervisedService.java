package penstock.supervisor;

import java.util.Map;
import java.util.function.LongSupplier;

/** A relay as its supervisor sees it. Any thread. */
public interface SupervisedService {
    /** Whether it has live data for new subscribers, as {@code /readyz} says. */
    boolean isReady();

    /** What it does, in a few words, for people. */
    String status();

    /** A number by the name of each thread, which changes while the thread runs. */
    Map<String, LongSupplier> pulses();
}
