package penstock.venue;

import penstock.ring.UpdateKind;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;
import penstock.venue.spec.SequenceSpec;

/**
 * The numbers that the venue's messages had last, and what the next one shows: nothing lost, something lost, or seen
 * before.
 *
 * <p>A state lasts as long as the connection. Only where each message counts the numbers of symbols outlive it, so that
 * what was missed during an outage shows; the first number after it may also be an earlier one, then counting begins
 * anew.
 *
 * <p>Owned by the feed thread.
 */
public final class SequenceTracker {
    /** No number. */
    public static final long NONE = Long.MIN_VALUE;
    /** So many repetitions in a row are no repetitions: the venue has begun to count anew. */
    private static final int MOST_DUPLICATES = 1_000;
    private static final int MOST_DIGITS = 18;

    /** What a message's number shows. */
    enum Verdict { NEXT, GAP, DUPLICATE }

    private static final class State {
        private long last;
        private int connection;
        private int duplicates;
    }

    private final ByteTable<State>[] ofKeys;
    private final State[] ofChannels;
    private final State ofConnection = new State();
    private final ChannelTraits[] channels;
    private int connection = 1;
    private long expected;
    private long got;

    @SuppressWarnings({"unchecked", "rawtypes"})
    SequenceTracker(final ChannelTraits[] channels) {
        this.channels = channels;
        ofKeys = new ByteTable[channels.length];
        ofChannels = new State[channels.length];
        for (int i = 0; i < channels.length; i++) {
            ofKeys[i] = new ByteTable<>();
            ofChannels[i] = new State();
        }
    }

    void onConnected() {
        connection++;
    }

    /** Of the last gap: the number that was due. */
    long expected() {
        return expected;
    }

    /** Of the last gap: the number that came. */
    long got() {
        return got;
    }

    /** Counting of this topic begins anew. */
    void forget(final int channel, final ByteSlice key) {
        final State state = ofKeys[channel].get(key);
        if (state != null) {
            state.connection = 0;
        }
    }

    /** {@code first} is {@link #NONE} when the message has none. */
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
            if (state.duplicates <= MOST_DUPLICATES) {
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
            return ofConnection;
        }
        if (spec.scope() == SequenceSpec.Scope.CHANNEL) {
            return ofChannels[channel];
        }
        State state = ofKeys[channel].get(key);
        if (state == null) {
            state = new State();
            ofKeys[channel].put(key, state);
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
                // one that is older may as well be the venue counting anew: only the very same was seen before
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

    /** The number that a text is, or {@link #NONE}. */
    public static long number(final ByteSlice text) {
        final byte[] bytes = text.bytes();
        int at = text.offset();
        final int end = at + text.length();
        final boolean isNegative = text.isPresent() && at < end && bytes[at] == '-';
        at += isNegative ? 1 : 0;
        if (!text.isPresent() || at == end || end - at > MOST_DIGITS) {
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
