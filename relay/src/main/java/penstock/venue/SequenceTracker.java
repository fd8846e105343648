package penstock.venue;

import penstock.ring.UpdateKind;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;
import penstock.venue.spec.SequenceSpec;

/**
 * Tracks the venue's sequence numbers and classifies the next number: next, gap or duplicate.
 *
 * <p>State lasts as long as the connection. On event channels, the numbers of symbols outlive the connection, so that
 * messages missed during an outage show; if the first number after the outage is not larger, the venue has restarted
 * its count.
 *
 * <p>Owned by the feed thread.
 */
public final class SequenceTracker {
    /** No number. */
    public static final long NONE = Long.MIN_VALUE;
    /** More duplicates in a row are not duplicates: the venue has restarted its count. */
    private static final int MAX_DUPLICATES = 1_000;
    private static final int MAX_DIGITS = 18;

    /** Classification of a message's number. */
    enum Verdict { NEXT, GAP, DUPLICATE }

    private static final class State {
        private long last;
        private int connection;
        private int duplicates;
    }

    private final ByteTable<State>[] byKey;
    private final State[] byChannel;
    private final State frames = new State();
    private final ChannelTraits[] channels;
    private int connection = 1;
    private long expected;
    private long got;

    @SuppressWarnings({"unchecked", "rawtypes"})
    SequenceTracker(final ChannelTraits[] channels) {
        this.channels = channels;
        byKey = new ByteTable[channels.length];
        byChannel = new State[channels.length];
        for (int i = 0; i < channels.length; i++) {
            byKey[i] = new ByteTable<>();
            byChannel[i] = new State();
        }
    }

    void onConnected() {
        connection++;
    }

    /** The expected number of the last gap. */
    long expected() {
        return expected;
    }

    /** The received number of the last gap. */
    long got() {
        return got;
    }

    /** Restarts the numbers of this topic. */
    void forget(final int channel, final ByteSlice key) {
        final State state = byKey[channel].get(key);
        if (state != null) {
            state.connection = 0;
        }
    }

    /** Keeps nothing of this topic. */
    void drop(final int channel, final ByteSlice key) {
        byKey[channel].remove(key);
    }

    /** {@code first} is {@link #NONE} if the message has none. */
    Verdict check(final SequenceSpec spec, final int channel, final ByteSlice key, final UpdateKind kind,
            final long first, final long last) {
        final State state = state(spec, channel, key);
        final boolean isFirst = state.connection != connection;
        final boolean isNew = isFirst
            && (state.connection == 0 || spec.scope() != SequenceSpec.Scope.KEY
            || !channels[channel].outlivesConnection() || last <= state.last);
        state.connection = connection;
        final Verdict verdict = isNew || spec.resetOn().contains(kind) ? Verdict.NEXT
            : verdict(spec.rule(), state, first, last);
        if (verdict == Verdict.DUPLICATE) {
            state.duplicates++;
            if (state.duplicates <= MAX_DUPLICATES) {
                return verdict;
            }
            expected = state.last;
            got = last;
        }
        state.duplicates = 0;
        state.last = last;
        return verdict == Verdict.NEXT ? verdict : Verdict.GAP;
    }

    private State state(final SequenceSpec spec, final int channel, final ByteSlice key) {
        if (spec.scope() == SequenceSpec.Scope.CONNECTION) {
            return frames;
        }
        if (spec.scope() == SequenceSpec.Scope.CHANNEL) {
            return byChannel[channel];
        }
        State state = byKey[channel].get(key);
        if (state == null) {
            state = new State();
            byKey[channel].put(key, state);
        }
        return state;
    }

    private Verdict verdict(final SequenceSpec.Rule rule, final State state, final long first, final long last) {
        return switch (rule) {
            case INCREMENT -> verdict(state.last + 1, last, last);
            case RANGE -> verdict(state.last + 1, first == NONE ? last : first, last);
            case PREV -> {
                if (first == NONE || first == state.last) {
                    yield Verdict.NEXT;
                }
                expected = state.last;
                got = first;
                // an older number can be a restarted count; only the same number is certainly a duplicate
                yield last == state.last ? Verdict.DUPLICATE : Verdict.GAP;
            }
            default -> Verdict.NEXT;
        };
    }

    private Verdict verdict(final long due, final long first, final long last) {
        expected = due;
        got = first;
        return first > due ? Verdict.GAP : last < due ? Verdict.DUPLICATE : Verdict.NEXT;
    }

    /** Parses a number; {@link #NONE} if {@code text} is not a number. */
    public static long number(final ByteSlice text) {
        final byte[] bytes = text.bytes();
        int at = text.offset();
        final int end = at + text.length();
        final boolean isNegative = text.isPresent() && at < end && bytes[at] == '-';
        at += isNegative ? 1 : 0;
        if (!text.isPresent() || at == end || end - at > MAX_DIGITS) {
            return NONE;
        }
        long number = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            number = number * 10 + bytes[at] - '0';
            at++;
        }
        return at < end ? NONE : isNegative ? -number : number;
    }
}
