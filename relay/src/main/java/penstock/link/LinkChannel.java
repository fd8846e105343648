package penstock.link;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.link.message.BadMessageException;
import penstock.link.message.BookLevels;
import penstock.link.message.LinkUpdate;
import penstock.link.message.MessageFields;
import penstock.ring.ConflationClass;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.text.PrintableText;

/**
 * One channel of the other relay: what comes of its topics, and how that is published. What was sent is checked
 * when it is received, and takes effect when its position is released. Owned by the feed thread.
 */
final class LinkChannel {
    private static final Logger LOG = LoggerFactory.getLogger(LinkChannel.class);
    /** The other relay has forgotten the topic. */
    private static final String NOT_SUBSCRIBED = "not_subscribed";

    private final int number;
    private final String feed;
    private final String name;
    private final byte[] sub;
    private final ConflationClass conflation;
    private final boolean isOnDemand;
    private final LinkTarget target;
    private final Counters counters;
    private final LinkTopics topics;
    private final UpdateSlice slice = new UpdateSlice();
    private final BookLevels levels = new BookLevels();
    private final ConfirmedTopics confirmed;
    /** Each beginning of the subscription is one more. */
    private int beginning;
    private boolean isResumed;
    private boolean isComplete;
    private boolean isTooLargeLogged;

    /** What tells a channel from others. */
    record Identity(int number, String feed, String name, ConflationClass conflation, boolean isOnDemand) {
    }

    LinkChannel(final Identity identity, final LinkTarget target, final Counters counters, final int maxTopics) {
        number = identity.number;
        feed = identity.feed;
        name = identity.name;
        sub = ('"' + name + '"').getBytes(StandardCharsets.UTF_8);
        conflation = identity.conflation;
        isOnDemand = identity.isOnDemand;
        this.target = target;
        this.counters = counters;
        topics = new LinkTopics(number, name, maxTopics);
        confirmed = new ConfirmedTopics(target);
    }

    /** Its number among the channels of all feeds, and the name of its subscription. */
    int number() {
        return number;
    }

    String feed() {
        return feed;
    }

    String name() {
        return name;
    }

    /** Its name as JSON, which a subscription of a bus has. */
    byte[] sub() {
        return sub;
    }

    ConflationClass conflation() {
        return conflation;
    }

    boolean isOnDemand() {
        return isOnDemand;
    }

    /** A subscription to it begins. */
    void begin() {
        beginning++;
        isResumed = true;
        confirmed.begin();
    }

    /** Whether its values were complete once, so that a position says what is missing. */
    boolean isComplete() {
        return isComplete;
    }

    /** Which of its values are good. */
    ConfirmedTopics confirmed() {
        return confirmed;
    }

    /** The other relay does not continue from the position that we had: what it does not send is gone. */
    void onNotResumed() {
        isResumed = false;
    }

    /** A topic that the other relay names. */
    LinkTopic topic(final String symbol) {
        return topics.get(symbol);
    }

    /** Something of a topic was received. */
    void onSeen(final LinkTopic topic, final LinkUpdate update) {
        topic.seenIn = beginning;
        confirmed.onSeen(topic, update, isWhole(update), topic.reportedIn == beginning);
    }

    /** Whether an update says all of its topic. */
    private boolean isWhole(final LinkUpdate update) {
        return update.isImage || conflation == ConflationClass.EVENT;
    }

    /** Whether an image of this beginning, which it remembers, stands for a change, or for the first of a topic. */
    boolean isInImage(final LinkTopic topic, final LinkUpdate update) {
        if (update.isImage) {
            topic.knownIn = beginning;
            topic.imageP = update.p;
        }
        return !update.isImage && topic.knownIn == beginning && update.p <= topic.imageP
            && (update.isChange || topic.q == 0);
    }

    /**
     * All images were released: topics of which none came are live or, if nothing continued, gone.
     *
     * @param p the position that was released
     */
    void onComplete(final long nowUs, final long p) {
        isComplete = true;
        final List<LinkTopic> gone = new ArrayList<>();
        for (final LinkTopic topic : topics.all()) {
            if (!isResumed && topic.seenIn != beginning && topic.reportedIn != beginning) {
                gone.add(topic);
            } else if (!isResumed && topic.knownIn != beginning && topic.q > 0) {
                beginAgain(topic, p);
            } else if (topic.state != TopicState.LIVE && topic.reportedIn != beginning) {
                release(topic, TopicState.LIVE, null, nowUs, p);
            }
            if (isResumed && topic.seenIn != beginning && topic.reportedIn != beginning) {
                confirmed.onNotSeen(topic);
            }
        }
        gone.forEach(topics::leave);
        // what an earlier connection said of them may have waited for its position when it was lost
        topics.leaving().forEach(topic -> forget(topic, p));
    }

    /** The other relay has forgotten a topic and begun it again, with a state and without a value. */
    private void beginAgain(final LinkTopic topic, final long p) {
        final TopicState state = topic.state;
        target.forgetTopic(topic.id, p);
        topic.unrelease();
        number(topic, p);
        topic.state = state;
        target.topicState(topic.id, state, topic.reason, topic.sinceUs, p);
    }

    /** What comes of a symbol from now on is of another topic, or of none. Returns the topic, or null. */
    LinkTopic leave(final String symbol) {
        final LinkTopic topic = topics.find(symbol);
        if (topic != null) {
            topics.leave(topic);
        }
        return topic;
    }

    /** Forgets a topic that has left, at a position, and those before it, if nothing of it was released. */
    void forget(final LinkTopic left, final long p) {
        for (LinkTopic topic = left; topic != null && !topic.isGone; topic = topic.before) {
            topic.isGone = true;
            topics.onForgotten(topic);
            if (topic.isReleased()) {
                target.forgetTopic(topic.id, p);
            }
        }
    }

    /** Holds the change of state of each symbol that a {@code status} names. */
    void onStatus(final MessageFields status, final long receivedP, final HeldBack held) {
        final String state = status.text("state");
        final String reason = status.textOrNull("reason");
        final long sinceUs = status.number("since");
        final long p = status.number("p", receivedP);
        for (final String symbol : status.texts("symbols")) {
            switch (state) {
                case "denied" -> holdLeaving(symbol, p, held);
                case "live" -> holdLive(symbol, sinceUs, p, held);
                case "stale" -> {
                    if (NOT_SUBSCRIBED.equals(reason)) {
                        holdLeaving(symbol, p, held);
                    } else {
                        hold(symbol, TopicState.STALE, reason, sinceUs, p, held);
                    }
                }
                case "closed" -> holdClosed(symbol, reason, sinceUs, p, held);
                default -> throw status.bad("state", "is none that this relay knows");
            }
        }
    }

    private void holdLeaving(final String symbol, final long p, final HeldBack held) {
        final LinkTopic topic = leave(symbol);
        if (topic != null) {
            held.add(p, () -> forget(topic, p));
        }
    }

    private void holdLive(final String symbol, final long sinceUs, final long p, final HeldBack held) {
        final LinkTopic topic = topics.find(symbol);
        if (topic != null) {
            topic.reportedIn = 0;
            topic.liveP = p;
            topic.seenIn = beginning;
            held.add(p, () -> release(topic, TopicState.LIVE, null, sinceUs, p));
        }
    }

    private void holdClosed(final String symbol, final String reason, final long sinceUs, final long p,
            final HeldBack held) {
        if (isOnDemand && topics.find(symbol) == null) {
            held.add(p, () -> target.refuse(number, symbol.getBytes(StandardCharsets.UTF_8), reason, sinceUs));
        } else {
            hold(symbol, TopicState.CLOSED, reason, sinceUs, p, held);
        }
    }

    private void hold(final String symbol, final TopicState state, final String reason, final long sinceUs,
            final long p, final HeldBack held) {
        final LinkTopic topic = topics.get(symbol);
        topic.reportedIn = beginning;
        topic.liveP = 0;
        held.add(p, () -> release(topic, state, reason, sinceUs, p));
    }

    private void release(final LinkTopic topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        if (!topic.isGone && (state != TopicState.LIVE || topic.state != TopicState.LIVE)) {
            number(topic, p);
            topic.state = state;
            topic.reason = reason;
            topic.sinceUs = sinceUs;
            target.topicState(topic.id, state, reason, sinceUs, p);
        }
    }

    /** Publishes an update whose turn has come. */
    void publish(final LinkTopic topic, final LinkUpdate update) {
        if (topic.isGone) {
            return;
        }
        // an event that waited while the other relay lost its feed says whether it is still good
        if (update.p >= topic.p && isWhole(update)) {
            confirmed.add(topic);
        }
        if (update.p <= topic.p) {
            if (update.isImage && update.p < topic.p && isOfChanges()) {
                // a level that came and went since would stay: what follows is changes of that image
                throw new RefusedRelayException("it is behind: its " + name + " of "
                    + PrintableText.excerpt(topic.symbol) + " is of position " + update.p + ", and this relay has "
                    + topic.p);
            }
            counters.increment(Counter.FEED_DUPLICATES);
            return;
        }
        if (update.q <= topic.q || isWithoutImage(topic, update)) {
            // the other relay has forgotten the topic in between, and begun it again
            target.forgetTopic(topic.id, update.p - 1);
            topic.unrelease();
        }
        number(topic, update.p - 1);
        final long missed = missed(topic, update);
        fill(update);
        counters.increment(Counter.FEED_UPDATES);
        if (conflation == ConflationClass.EVENT) {
            counters.increment(Counter.FEED_EVENTS);
            counters.add(Counter.FEED_EVENTS_MISSED, missed);
            counters.add(Counter.LINK_GAPS, missed > 0 ? 1 : 0);
        }
        topic.q = update.q;
        topic.p = update.p;
        if (topic.knownIn != beginning) {
            topic.knownIn = beginning;
            topic.imageP = 0;
        }
        confirmed.onPublished(topic);
        try {
            target.publish(topic.id, update.q, update.p, missed, update.timeUs, update.receivedNs, slice);
        } catch (final IllegalArgumentException e) {
            onTooLarge(topic, e);
        }
        if (topic.liveP > 0 && update.p >= topic.liveP) {
            topic.state = TopicState.LIVE;
        } else if (topic.state != TopicState.LIVE) {
            // an update makes a topic live here; the other relay reports that, unless the state came back at once
            target.topicState(topic.id, topic.state, topic.reason, topic.sinceUs, update.p);
        }
    }

    /** Unless the subscription continued, each topic that had a value has been sent with an image. */
    private boolean isWithoutImage(final LinkTopic topic, final LinkUpdate update) {
        return !isResumed && !isWhole(update) && topic.q > 0 && topic.knownIn != beginning;
    }

    private boolean isOfChanges() {
        return conflation == ConflationClass.ORDER_BOOK || conflation == ConflationClass.MERGE;
    }

    /** Events that will never come; those before the image of a topic that is new here are of no subscriber. */
    private long missed(final LinkTopic topic, final LinkUpdate update) {
        final boolean isFirst = topic.q == 0 && update.isImage;
        return conflation != ConflationClass.EVENT || isFirst ? 0 : update.q - topic.q - 1;
    }

    /** The update cannot be carried; the next one shows the jump. */
    private void onTooLarge(final LinkTopic topic, final IllegalArgumentException e) {
        if (!isTooLargeLogged) {
            isTooLargeLogged = true;
            LOG.error("link: {} of channel {} is not published: {}", PrintableText.excerpt(topic.symbol), name,
                e.getMessage());
        }
    }

    private void number(final LinkTopic topic, final long p) {
        if (topic.before != null) {
            forget(topic.before, p);
            topic.before = null;
        }
        if (!topic.isReleased()) {
            topic.id = target.addTopic(number, topic.symbol.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void fill(final LinkUpdate update) {
        switch (conflation) {
            case MERGE -> {
                if (update.bytes[update.valueAt] != '{') {
                    throw new BadMessageException("a value of channel " + name + " is no object");
                }
                slice.set(update.bytes, update.valueAt, update.valueLength, update.valueAt, update.valueLength);
                // the names of removed fields are those that are null
                slice.kind = update.isChange ? UpdateKind.DELTA : UpdateKind.FULL;
            }
            case ORDER_BOOK -> {
                slice.set(update.bytes, update.valueAt, 0, update.valueAt, 0);
                slice.levels = levels.read(update.bytes, update.valueAt, update.valueLength);
                slice.kind = update.isChange ? UpdateKind.DELTA : UpdateKind.SNAPSHOT;
            }
            default -> {
                if (update.hasPayload) {
                    slice.set(update.bytes, update.besideAt, update.besideLength, update.besideAt,
                        update.besideLength);
                    slice.emit(update.bytes, update.valueAt, update.valueLength);
                } else {
                    slice.set(update.bytes, update.valueAt, update.valueLength, update.valueAt, update.valueLength);
                }
            }
        }
    }
}
