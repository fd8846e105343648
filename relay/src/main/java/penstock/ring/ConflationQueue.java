package penstock.ring;

/** Something that waits in front of a full ring, in the order of its newest position. Owned by the feed thread. */
abstract class ConflationQueue {
    ConflationQueue previous;
    ConflationQueue next;

    boolean isWaiting() {
        return next != null;
    }

    /** A circle with a sentinel: the oldest is {@code sentinel.next}. */
    static ConflationQueue sentinel() {
        final ConflationQueue sentinel = new ConflationQueue() { };
        sentinel.next = sentinel;
        sentinel.previous = sentinel;
        return sentinel;
    }

    void append(final ConflationQueue entry) {
        entry.previous = previous;
        entry.next = this;
        previous.next = entry;
        previous = entry;
    }

    void unlink() {
        previous.next = next;
        next.previous = previous;
        previous = null;
        next = null;
    }

    /** A change of the feed's state. Never folded: there are few, and each must be told. */
    static final class State extends ConflationQueue {
        final FeedState state;
        final String reason;
        final long sinceUs;
        final long retryInMs;
        final long p;

        State(final FeedState state, final String reason, final long sinceUs, final long retryInMs, final long p) {
            this.state = state;
            this.reason = reason;
            this.sinceUs = sinceUs;
            this.retryInMs = retryInMs;
            this.p = p;
        }
    }

    /** A change of a topic's own state. Of one topic the newest waits, behind the updates that came before it. */
    static final class Mark extends ConflationQueue {
        final Topic topic;
        final TopicState state;
        final String reason;
        final long sinceUs;
        final long p;

        Mark(final Topic topic, final TopicState state, final String reason, final long sinceUs, final long p) {
            this.topic = topic;
            this.state = state;
            this.reason = reason;
            this.sinceUs = sinceUs;
            this.p = p;
        }
    }

    /** A topic as the feed thread knows it, and its newest update while that waits. */
    static final class Topic extends ConflationQueue {
        final int id;
        final int channel;
        final byte[] symbol;
        long q;
        /** Updates that never came here, right before the next one. */
        long lost;
        boolean announced;

        long p;
        long timeUs;
        long receivedNs;
        /** What waits; made when the topic waits for the first time. */
        Conflator folding;
        /** How many updates that is. */
        long folded;
        /**
         * Updates right before what goes out next that are not in it: never came, dropped, or of a class that cannot be
         * folded.
         */
        long missed;
        /** The change of its state that waits; null when none does. */
        Mark mark;

        Topic(final int id, final int channel, final byte[] symbol) {
            this.id = id;
            this.channel = channel;
            this.symbol = symbol;
        }

        void keep(final long position, final long time, final long received, final UpdateSlice slices) {
            p = position;
            timeUs = time;
            receivedNs = received;
            folded++;
            folding.add(slices);
        }

        void forget() {
            folding.clear();
            folded = 0;
        }
    }
}
