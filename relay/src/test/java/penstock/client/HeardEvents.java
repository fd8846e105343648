package penstock.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** What the user of a client heard, and no step of a situation has expected yet; numbers as text. One thread. */
final class HeardEvents implements ClientListener {
    /** The newest one. */
    SessionState state;
    final Deque<Map<String, Object>> broken = new ArrayDeque<>();
    final Deque<Map<String, Object>> errors = new ArrayDeque<>();
    final Deque<String> warnings = new ArrayDeque<>();

    @Override
    public void onState(final SessionState next) {
        state = next;
    }

    @Override
    public void onBroken(final BrokenLedger what) {
        broken.add(Map.of("channel", what.channel(), "symbol", String.valueOf(what.symbol()), "q",
            Long.toString(what.q()), "c", Long.toString(what.c()), "previous", Long.toString(what.previous()), "missed",
            Long.toString(what.missed())));
    }

    @Override
    public void onError(final RefusedException error) {
        errors.add(Map.of("code", error.code(), "message", error.getMessage()));
    }

    @Override
    public void onWarning(final String text) {
        warnings.add(text);
    }
}
