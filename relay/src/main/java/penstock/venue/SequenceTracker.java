package penstock.venue;

import java.util.stream.Stream;
import penstock.ring.UpdateKind;
import penstock.venue.rule.BySource;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;
import penstock.venue.spec.SequenceSpec;

/**
 * Tracks the venue's sequence numbers on one line and classifies the next number. A connection delivers in order, so a
 * number that goes back was repeated or reordered by the venue, or belongs to a new count. A new count is recognised by
 * two rising numbers in a row that are far below the newest one.
 *
 * <p>State lasts as long as the connection. On event channels, the numbers of symbols outlive the connection, so that
 * messages missed during an outage show.
 *
 * <p>Owned by the feed thread.
 */
public final class SequenceTracker {
    /** No number. */
    public static final long NONE = Long.MIN_VALUE;
    /** A venue reorders or repeats messages within this distance. */
    public static final int MAX_REORDERED = 8;
    /**
     * In a recording of several connections, one repeats what another one sent: up to this number of messages when it
     * lags behind, and a socket holds some hundred. Only more of them are a new count.
     */
    static final int MAX_BEHIND = 4_096;
    private static final int SAFE_DIGITS = 18;
    /** A venue loses the first message of as many connections in a row; after more, it counts from another number. */
    private static final int MAX_LATE_STARTS = 2;
    private static final int BEFORE_CONNECTIONS = 1;

    /** Classification of a message's number. */
    public enum Verdict {
        /** In order. */
        NEXT,
        /** In order, after missing messages. */
        GAP,
        /** Not above the newest one: repeated, late, or the first number of a new count. */
        BACK,
        /** The venue counts from the start again, as the number before this one or the message itself shows. */
        NEW_COUNT,
        /** In order: the message says that the venue counts from the start again after the newest number. */
        RESTART;

        /** Messages may be missing. */
        boolean isGap() {
            return this == GAP || this == NEW_COUNT;
        }

        /** The number is the newest one of a new count. */
        public boolean isNewCount() {
            return this == NEW_COUNT || this == RESTART;
        }
    }

    /** What a connection counts for itself. */
    private record OwnNumbers(State frames, State[] byChannel) {
    }

    private static final class State {
        private long last;
        private int connection;
        /** The number that a message named as its predecessor when it began a new count. */
        private long restartedAfter = NONE;
        /** The predecessor of the first message of a connection, or of one that went back: if it comes, it is late. */
        private long before = NONE;
        /** For how many further messages these two hold: later they are numbers of another count. */
        private int beforeLeft;
        private int restartedLeft;
        /** The number of an event that came just before the first one of its count, which follows that one. */
        private long early = NONE;
        /** The number before, if it went back. */
        private long back = NONE;
        /** Numbers in a row that went back and rose. */
        private int rising;
        /** Connections in a row that began after the number where the venue counts from. */
        private int lateStarts;
        /** The recorded connection of the newest number. */
        private long source;
    }

    private final ByteTable<State>[] byKey;
    private final BySource<OwnNumbers> bySource = new BySource<>(this::newNumbers);
    private final ChannelTraits[] channels;
    private OwnNumbers own;
    /** 0 unless the messages come from a recording, which may begin in the middle of a connection. */
    private long source;
    private int connection = BEFORE_CONNECTIONS;
    private long expected;
    private long got;

    @SuppressWarnings({"unchecked", "rawtypes"})
    SequenceTracker(final ChannelTraits[] channels) {
        this.channels = channels;
        byKey = new ByteTable[channels.length];
        for (int i = 0; i < channels.length; i++) {
            byKey[i] = new ByteTable<>();
        }
        own = newNumbers();
    }

    void onConnected() {
        connection++;
        bySource.clear();
    }

    /**
     * What follows is of this connection, of several in one stream. The numbers of symbols are common to them: the
     * venue counts them, not the connection, so that what a second one repeats is a duplicate.
     */
    void select(final long newSource) {
        own = bySource.of(newSource);
        source = newSource;
    }

    private OwnNumbers newNumbers() {
        return new OwnNumbers(new State(), Stream.generate(State::new).limit(channels.length).toArray(State[]::new));
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
        final boolean mayBegin = isNew || state.back == NONE;
        final Verdict verdict = check(state, isNew, spec, channel, kind, first, last);
        state.source = verdict == Verdict.BACK ? state.source : source;
        if (isNew || mayBegin && verdict == Verdict.BACK) {
            state.before = first;
            state.beforeLeft = MAX_REORDERED;
        } else if (--state.beforeLeft <= 0) {
            state.before = NONE;
        }
        if (isNew && first > last) {
            // the first message of a connection names the last number of a count before: it may come again
            state.restartedAfter = first;
            state.restartedLeft = MAX_REORDERED;
        } else if (--state.restartedLeft <= 0) {
            state.restartedAfter = NONE;
        }
        return verdict;
    }

    private Verdict check(final State state, final boolean isNew, final SequenceSpec spec, final int channel,
            final UpdateKind kind, final long first, final long last) {
        if (isNew && spec.start() != SequenceSpec.ANY && connection > BEFORE_CONNECTIONS && source == 0) {
            return begin(state, spec.start(), first == NONE ? last : first, last);
        }
        if (isNew || spec.restartsOn(kind)) {
            // a snapshot of events is history, perhaps with the newest first
            return take(state, !isNew && isEvent(channel) ? Math.max(state.last, last) : last, Verdict.NEXT);
        }
        final Verdict verdict = verdict(spec.rule(), state, channel, kind, first, last);
        // the same number of another connection is the same value once more
        final boolean isSameValue = last == state.last && state.source == source && !spec.rule().detectsGaps()
            && !isEvent(channel);
        if (verdict != Verdict.BACK || isSameValue) {
            state.early = verdict.isNewCount() && isEvent(channel) ? state.back : NONE;
            return take(state, last, isSameValue ? Verdict.NEXT : verdict);
        }
        expected = state.last;
        got = last;
        if (!isNewCount(state, last, channel)) {
            return verdict;
        }
        return take(state, last, Verdict.NEW_COUNT);
    }

    /** The first number of a connection, which the venue counts from {@code start}: what is missing before it shows. */
    private Verdict begin(final State state, final long start, final long first, final long last) {
        final boolean isLate = verdict(start, first, last) == Verdict.GAP;
        state.lateStarts = isLate ? state.lateStarts + 1 : 0;
        return take(state, last, isLate && state.lateStarts <= MAX_LATE_STARTS ? Verdict.GAP : Verdict.NEXT);
    }

    /** Whether a number is so far below the newest one that no delay explains it. */
    public static boolean isFarBelow(final long number, final long newest) {
        return isFarBelow(number, newest, MAX_REORDERED);
    }

    private static boolean isFarBelow(final long number, final long newest, final int distance) {
        return number < newest / 2 && newest - number > distance;
    }

    private static Verdict take(final State state, final long last, final Verdict verdict) {
        state.last = last;
        state.back = NONE;
        state.rising = 0;
        return verdict;
    }

    /** Values and books cannot go back for long: more rising numbers than a venue reorders are a new count, too. */
    private boolean isNewCount(final State state, final long number, final int channel) {
        final boolean isRising = state.back != NONE && number > state.back;
        state.rising = isRising ? state.rising + 1 : 0;
        state.back = number;
        final int distance = state.source == source ? MAX_REORDERED : MAX_BEHIND;
        return isRising && isFarBelow(number, state.last, distance) || !isEvent(channel) && state.rising > distance;
    }

    private boolean isEvent(final int channel) {
        return channel >= 0 && channels[channel].outlivesConnection();
    }

    private State state(final SequenceSpec spec, final int channel, final ByteSlice key) {
        if (spec.scope() == SequenceSpec.Scope.CONNECTION) {
            return own.frames;
        }
        if (spec.scope() == SequenceSpec.Scope.CHANNEL) {
            return own.byChannel[channel];
        }
        State state = byKey[channel].get(key);
        if (state == null) {
            state = new State();
            byKey[channel].put(key, state);
        }
        return state;
    }

    private Verdict verdict(final SequenceSpec.Rule rule, final State state, final int channel,
            final UpdateKind kind, final long first, final long last) {
        return switch (rule) {
            case INCREMENT -> verdict(state.last + 1, last, last);
            case RANGE -> verdict(state.last + 1, first == NONE ? last : first, last);
            case PREV -> verdict(state, kind == UpdateKind.DELTA && !isEvent(channel), first, last);
            case INCREASING -> last > state.last ? Verdict.NEXT : Verdict.BACK;
            case NONDECREASING -> last >= state.last ? Verdict.NEXT : Verdict.BACK;
        };
    }

    private Verdict verdict(final long due, final long first, final long last) {
        expected = due;
        got = first;
        return last < due ? Verdict.BACK : first > due ? Verdict.GAP : Verdict.NEXT;
    }

    /** Of a message that names the number before it; {@code isChange}: a book must not lose it. */
    private Verdict verdict(final State state, final boolean isChange, final long first, final long last) {
        expected = state.last;
        got = first;
        final boolean isRepeated = first > state.last && first == state.restartedAfter;
        final boolean isLate = state.back == NONE && last == state.before && last != state.last;
        if (last < state.last && first >= state.last && !isRepeated && !isLate) {
            state.restartedAfter = first;
            state.restartedLeft = MAX_REORDERED;
            return first == state.last ? Verdict.RESTART : Verdict.NEW_COUNT;
        }
        if (first == NONE || first == state.last || first == state.early) {
            return Verdict.NEXT;
        }
        final boolean isUnknown = isChange && !isRepeated && last != state.last;
        return last > state.last || isUnknown ? Verdict.GAP : Verdict.BACK;
    }

    /** Parses a number of up to 64 bits with a sign; {@link #NONE} if {@code text} is none. */
    public static long number(final ByteSlice text) {
        final byte[] bytes = text.bytes();
        int at = text.offset();
        final int end = at + text.length();
        final boolean isNegative = text.isPresent() && at < end && bytes[at] == '-';
        at += isNegative ? 1 : 0;
        if (!text.isPresent() || at == end) {
            return NONE;
        }
        long number = 0;
        // 18 digits fit into 64 bits
        final int safeEnd = Math.min(end, at + SAFE_DIGITS);
        for (; at < safeEnd; at++) {
            final int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            number = number * 10 + digit;
        }
        for (; at < end; at++) {
            final int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return NONE;
            }
            number = number * 10 + digit;
        }
        return isNegative ? -number : number;
    }
}
