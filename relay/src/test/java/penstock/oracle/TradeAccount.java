package penstock.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.client.EventListener;
import penstock.client.TopicView;

/**
 * Reads events and keeps the account of them: each sequence rises, and gaps have counted what it skips. Owned by the
 * client's thread; the rest is read when it has ended.
 */
final class TradeAccount implements EventListener {
    /** What was wrong. */
    final List<String> faults = new ArrayList<>();
    /** Each event's value, by symbol and sequence. */
    final Map<String, String> values = new HashMap<>();
    private final Map<String, Long> last = new HashMap<>();
    private long counted;
    private long count;

    @Override
    public void onEvent(final TopicView event) {
        values.put(event.symbol() + ' ' + event.q(), event.json());
        final Long before = last.put(event.symbol(), event.q());
        count++;
        if (before == null) {
            return;
        }
        if (event.q() <= before) {
            faults.add(event.symbol() + " " + event.q() + " after " + before);
        }
        counted -= event.q() - before - 1;
        if (counted < 0) {
            faults.add(-counted + " events are missing untold before " + event.q() + " of " + event.symbol());
        }
    }

    @Override
    public void onGap(final long missed) {
        if (missed == UNKNOWN) {
            // counts begin again
            last.clear();
            counted = 0;
        } else {
            counted += missed;
        }
    }

    /** How many events up to {@code q} were neither read nor counted missing; 0 if counts have just begun again. */
    long untold(final String symbol, final long q) {
        return last.containsKey(symbol) ? q - last.get(symbol) - counted : 0;
    }

    long count() {
        return count;
    }
}
