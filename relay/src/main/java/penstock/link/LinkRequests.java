package penstock.link;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.link.message.MessageFields;
import penstock.link.message.SubscribeRequest;
import penstock.link.message.Welcome;
import penstock.text.PrintableText;
import penstock.time.FeedClock;

/**
 * The requests of one connection to the other relay: a subscription for each channel, and changes of names on demand.
 * One that is refused for now is sent again. Owned by the feed thread.
 */
final class LinkRequests {
    private static final Logger LOG = LoggerFactory.getLogger(LinkRequests.class);
    /** A name may be as long as this many. */
    private static final int MAX_NAMES = 1_000;
    private static final long MIN_RETRY_MS = 50;
    private static final long MAX_RETRY_MS = 10_000;
    /** The code of an answer to a request that resumes at a position which the other relay has not reached. */
    private static final String NOT_READY = "not_ready";

    /** What becomes of requests. */
    interface Listener {
        /** The images of all channels have come. */
        void onAllImages();

        /** The other relay does not continue a channel from the position that we had. */
        void onNotResumed(LinkChannel channel);

        /** A channel continues, or begins. */
        void onSubscribed(LinkChannel channel, boolean isResumed);

        /** The images of names have come. */
        void onImages(LinkChannel channel, List<String> names);

        /** Names cannot be served. */
        void onRefused(LinkChannel channel, List<String> names, String why);

        /** A channel cannot be served: there is no link. */
        void onFailed(String what);
    }

    /** What was asked. */
    private record Asked(LinkChannel channel, List<String> names, byte[] text, boolean isFirst) {
    }

    private final FeedClock clock;
    private final Welcome welcome;
    private final Consumer<byte[]> line;
    private final Listener listener;
    private final Long2ObjectHashMap<Asked> asked = new Long2ObjectHashMap<>();
    /** Requests of the beginning whose images have not come. */
    private final Set<Long> awaited = new HashSet<>();
    private final Set<Integer> begun = new HashSet<>();
    private long lastId;
    private boolean isBeginning = true;
    private boolean isEnded;

    LinkRequests(final FeedClock clock, final Welcome welcome, final Consumer<byte[]> line, final Listener listener) {
        this.clock = clock;
        this.welcome = welcome;
        this.line = line;
        this.listener = listener;
    }

    /**
     * Subscribes to a channel.
     *
     * @param claimed names and patterns of which values are held up to the position
     * @param missing those of which none is held
     * @param epoch   of the position
     * @param p       the position; 0 = nothing is held
     */
    void begin(final LinkChannel channel, final List<String> claimed, final List<String> missing, final long epoch,
            final long p) {
        begun.add(channel.number());
        boolean isFirst = true;
        for (final List<String> part : parts(claimed)) {
            awaited.add(subscribe(channel, part, epoch, p, isFirst));
            isFirst = false;
        }
        for (final List<String> part : parts(missing)) {
            awaited.add(subscribe(channel, part, epoch, 0, false));
        }
    }

    /** All channels have begun. */
    void onBegun() {
        isBeginning = false;
        checkImages();
    }

    /** Subscribes to names of a channel that has begun; false if it has not. */
    boolean add(final LinkChannel channel, final List<String> names) {
        if (!begun.contains(channel.number())) {
            return false;
        }
        parts(names).forEach(part -> subscribe(channel, part, 0, 0, false));
        return true;
    }

    /** Leaves names. */
    void remove(final LinkChannel channel, final List<String> names) {
        if (begun.contains(channel.number())) {
            for (final List<String> part : parts(names)) {
                final long id = ++lastId;
                final byte[] text = request(channel).unsubscribe(id, patterns(part));
                asked.put(id, new Asked(channel, List.of(), text, false));
                line.accept(text);
            }
        }
    }

    private long subscribe(final LinkChannel channel, final List<String> names, final long epoch, final long p,
            final boolean isFirst) {
        final long id = ++lastId;
        final byte[] text = request(channel).subscribe(id, patterns(names), epoch, p);
        asked.put(id, new Asked(channel, names, text, isFirst));
        line.accept(text);
        return id;
    }

    /** The patterns {@code *} and of nothing are patterns; all others are names. */
    private static List<String> patterns(final List<String> names) {
        return names.stream().map(name -> name.equals(SubscribeRequest.ALL) || name.equals(SubscribeRequest.NOTHING)
            ? name : SubscribeRequest.pattern(name)).toList();
    }

    private SubscribeRequest request(final LinkChannel channel) {
        return new SubscribeRequest(Integer.toString(channel.number()),
            welcome.feeds().size() > 1 ? channel.feed() : null, channel.name(), channel.conflation(),
            Math.max(1, welcome.minIntervalMs()));
    }

    /** As many names as fit into a request. */
    private List<List<String>> parts(final List<String> names) {
        final List<List<String>> parts = new ArrayList<>();
        List<String> part = new ArrayList<>();
        int bytes = 0;
        for (final String name : names) {
            bytes += SubscribeRequest.bytes(name);
            if (part.size() == MAX_NAMES || bytes > welcome.requestBytes() / 2 && !part.isEmpty()) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = SubscribeRequest.bytes(name);
            }
            part.add(name);
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    /** The other relay acknowledges a request. */
    void onAck(final MessageFields ack) {
        final Asked request = asked.get(ack.number("id", -1));
        if (request == null) {
            throw ack.bad("id", "is of no request");
        }
        if (ack.text("op").equals("unsubscribe")) {
            asked.remove(ack.number("id"));
            return;
        }
        final boolean isResumed = ack.flag("resumed");
        if (request.isFirst) {
            listener.onSubscribed(request.channel, isResumed);
            if (!isResumed) {
                listener.onNotResumed(request.channel);
            }
        }
    }

    /** The images that answer a request have come; -1: they answer none. */
    void onImages(final long id) {
        final Asked request = asked.remove(id);
        if (request != null) {
            listener.onImages(request.channel, request.names);
            awaited.remove(id);
            checkImages();
        }
    }

    private void checkImages() {
        if (!isBeginning && awaited.isEmpty()) {
            isBeginning = true;
            listener.onAllImages();
        }
    }

    /** The other relay refuses a request. */
    void onError(final MessageFields error) {
        final long id = error.has("id") ? error.number("id") : -1;
        final Asked request = asked.get(id);
        final String what = PrintableText.excerpt(error.text("code") + ": " + error.text("message"));
        if (request == null) {
            listener.onFailed("the relay refuses the connection's query: " + what
                + "; does it have the same release as this one?");
        } else if (error.text("code").equals(NOT_READY)) {
            // another one may have everything
            listener.onFailed("it is behind this relay");
        } else if (error.flag("retry")) {
            final long delayMs = Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, error.number("retryAfter", 0)));
            clock.executeAfter(() -> sendAgain(id), delayMs);
        } else if (awaited.contains(id) && !request.channel.isOnDemand()) {
            listener.onFailed("the relay refuses channel " + request.channel.name() + ": " + what);
        } else {
            LOG.warn("link: the relay refuses {} names of channel {}: {}", request.names.size(),
                request.channel.name(), what);
            asked.remove(id);
            listener.onRefused(request.channel, request.names, error.text("code"));
            awaited.remove(id);
            checkImages();
        }
    }

    private void sendAgain(final long id) {
        final Asked request = asked.get(id);
        if (!isEnded && request != null) {
            line.accept(request.text);
        }
    }

    /** The connection has ended. */
    void end() {
        isEnded = true;
    }
}
