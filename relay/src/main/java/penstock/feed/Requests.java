package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one connection has asked the venue for and what came of it: an answer, a refusal, or silence, upon which it asks again and in the
 * end gives the connection up. A refused batch is asked for again in halves, so that one bad symbol does not take the others with it.
 * Owned by the feed thread.
 */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    /** Halving finds 10 bad ones of 100; a venue that refuses everything is not asked for every symbol alone. */
    private static final int MAX_HALVINGS = 64;
    private static final int SHOWN_SYMBOLS = 5;

    private final SubscribeSpec spec;
    private final AckSpec ack;
    private final FeedClock clock;
    private final SendQueue queue;
    private final Refusals refusals;
    private final Owner owner;
    private final Map<Long, Request> open = new LinkedHashMap<>();
    private long lastId;
    private int halvings;
    private boolean isStopped;

    /** Whose connection it is. */
    interface Owner {
        /** The venue does not answer, or can't be asked: the connection is of no use. */
        void onUnanswered(String what);

        void onRefused(java.util.Collection<SubscribeSpec.Item> items, String words);

        void onAccepted(java.util.Collection<SubscribeSpec.Item> items);

        void onNoRoom(java.util.Collection<SubscribeSpec.Item> items, String words);
    }

    /** One message, until it is settled. */
    private static final class Request {
        private final long id;
        private final List<SubscribeSpec.Item> items;
        private int timesSent;
        private boolean isSent;
        private FeedClock.Timer timer;

        private Request(final long id, final List<SubscribeSpec.Item> items) {
            this.id = id;
            this.items = new ArrayList<>(items);
        }
    }

    Requests(final SubscribeSpec spec, final FeedClock clock, final SendQueue queue, final Refusals refusals, final Owner owner) {
        this.spec = spec;
        this.clock = clock;
        this.queue = queue;
        this.refusals = refusals;
        this.owner = owner;
        ack = spec.ack();
    }

    /**
     * Asks for everything, for what was refused before apart and last.
     *
     * @throws IllegalStateException that names the environment variable which is not set
     */
    void ask(final List<SubscribeSpec.Item> items) {
        askInBatches(items.stream().filter(item -> !refusals.contains(item.symbol())).toList());
        askInBatches(items.stream().filter(item -> refusals.contains(item.symbol())).toList());
    }

    void want(final java.util.Collection<SubscribeSpec.Item> items) {
        ask(List.copyOf(items));
    }

    void unwant(final java.util.Collection<SubscribeSpec.Item> items) {
    }

    void renew(final SubscribeSpec.Item item) {
    }

    boolean isWanted(final SubscribeSpec.Item item) {
        return true;
    }

    /** Everything was sent and, where the venue answers, answered. */
    boolean isSettled() {
        return open.isEmpty();
    }

    void stop() {
        isStopped = true;
        open.values().forEach(Requests::cancel);
        open.clear();
    }

    /** An update came: where answers do not say what they are about, data is as good as one. */
    void onData() {
        if (!open.isEmpty() && ack != null && ack.mode() == AckSpec.Mode.STATE) {
            settleAllSent();
        }
    }

    /** A message that is not data; true when it was an answer that says no, and {@code kind} did not say so. */
    boolean onMessage(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        if (open.isEmpty() || ack == null) {
            return false;
        }
        // no room for it on this connection: a refusal too, but halves would not find any
        final boolean isNack = kind == ControlKind.NACK || kind == ControlKind.SHARD;
        final boolean isAnswer = kind == ControlKind.ACK || isNack || ack.match().matches(frame, offset, length);
        if (!isAnswer) {
            return false;
        }
        final boolean isRefusal = isNack || ack.ok() != null && !ack.ok().matches(frame, offset, length);
        final String subject = ack.subject(frame, offset, length);
        if (isRefusal) {
            onRefusal(subject, kind != ControlKind.SHARD, FrameText.shown(frame, offset, length));
        } else {
            onAccepted(subject);
        }
        return isRefusal && !isNack;
    }

    private void onAccepted(final String subject) {
        if (ack.mode() == AckSpec.Mode.STATE) {
            settleAllSent();
            return;
        }
        final Request request = find(subject);
        if (request == null) {
            return;
        }
        if (ack.mode() == AckSpec.Mode.BATCH) {
            settle(request, List.copyOf(request.items));
        } else {
            settle(request, request.items.stream().filter(item -> item.is(subject)).limit(1).toList());
        }
    }

    private void settle(final Request request, final List<SubscribeSpec.Item> items) {
        items.forEach(item -> refusals.remove(item.symbol()));
        drop(request, items);
    }

    private void settleAllSent() {
        for (final Request request : List.copyOf(open.values())) {
            if (request.isSent) {
                drop(request, List.copyOf(request.items));
            }
        }
    }

    private void onRefusal(final String subject, final boolean isHalved, final String words) {
        final Request request = find(subject);
        if (request == null) {
            LOG.warn("feed: the venue refuses a request and does not say which: {}", words);
            return;
        }
        final List<SubscribeSpec.Item> items = ack.mode() == AckSpec.Mode.EACH && subject != null
            ? request.items.stream().filter(item -> item.is(subject)).limit(1).toList() : List.copyOf(request.items);
        drop(request, items);
        if (isHalved && items.size() > 1 && halvings < MAX_HALVINGS) {
            halvings++;
            request(items.subList(0, items.size() / 2));
            request(items.subList(items.size() / 2, items.size()));
        } else {
            remember(items, words);
        }
    }

    private void remember(final List<SubscribeSpec.Item> items, final String words) {
        final List<String> news = items.stream().map(SubscribeSpec.Item::symbol).distinct()
            .filter(symbol -> refusals.add(symbol, words)).toList();
        if (!news.isEmpty()) {
            final String more = news.size() > SHOWN_SYMBOLS ? " and " + (news.size() - SHOWN_SYMBOLS) + " more" : "";
            LOG.warn("feed: the venue refuses {}{}: {}", FrameText.shown(String.join(", ",
                news.subList(0, Math.min(news.size(), SHOWN_SYMBOLS)))), more, words);
        }
    }

    /** The request that an answer is about; without a subject the only one that waits for an answer. */
    private Request find(final String subject) {
        if (subject == null) {
            final List<Request> sent = open.values().stream().filter(request -> request.isSent).toList();
            final boolean isClear = sent.size() == 1 || !sent.isEmpty() && ack.correlate().isEmpty();
            return isClear ? sent.get(0) : null;
        }
        for (final Request request : open.values()) {
            final boolean isIt = ack.mode() == AckSpec.Mode.EACH ? request.items.stream().anyMatch(item -> item.is(subject))
                : Long.toString(request.id).equals(subject);
            if (isIt) {
                return request;
            }
        }
        return null;
    }

    private void askInBatches(final List<SubscribeSpec.Item> items) {
        for (int from = 0; from < items.size(); from += spec.batch()) {
            request(items.subList(from, Math.min(items.size(), from + spec.batch())));
        }
    }

    private void request(final List<SubscribeSpec.Item> items) {
        if (!isStopped) {
            final Request request = new Request(++lastId, items);
            open.put(request.id, request);
            send(request);
        }
    }

    private void send(final Request request) {
        request.timesSent++;
        final byte[] message = spec.message(request.items, request.id).getBytes(StandardCharsets.UTF_8);
        if (!queue.request(message, () -> onSent(request))) {
            owner.onUnanswered("more than " + SendQueue.MAX_REQUESTS + " requests wait to be sent; raise subscribe.batch or the rate");
        }
    }

    private void onSent(final Request request) {
        request.isSent = true;
        if (ack == null) {
            drop(request, List.copyOf(request.items));
        } else if (open.containsKey(request.id)) {
            cancel(request);
            request.timer = clock.executeAfter(() -> onTimeout(request), ack.timeoutMs());
        }
    }

    private void onTimeout(final Request request) {
        if (request.timesSent <= ack.retries()) {
            LOG.warn("feed: request {} for {} symbols was not acknowledged within {} ms; asking again", request.id, request.items.size(),
                ack.timeoutMs());
            send(request);
        } else {
            owner.onUnanswered("the subscription was not acknowledged within " + ack.timeoutMs() + " ms"
                + (request.timesSent == 1 ? "" : ", asked for " + request.timesSent + " times"));
        }
    }

    private void drop(final Request request, final List<SubscribeSpec.Item> items) {
        if (items.size() == request.items.size()) {
            request.items.clear();
        } else {
            request.items.removeAll(items);
        }
        if (request.items.isEmpty()) {
            cancel(request);
            open.remove(request.id);
        }
    }

    private static void cancel(final Request request) {
        if (request.timer != null) {
            request.timer.cancel();
            request.timer = null;
        }
    }
}
