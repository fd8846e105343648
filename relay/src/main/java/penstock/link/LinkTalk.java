package penstock.link;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.link.message.BadMessageException;
import penstock.link.message.MessageFields;
import penstock.link.message.PositionMessage;
import penstock.link.message.SubscribeRequest;
import penstock.link.message.Welcome;
import penstock.text.PrintableText;
import penstock.time.FeedClock;

/**
 * What is said over one connection to the other relay: its welcome, our subscriptions, its answers, and what goes to
 * the replica. Owned by the feed thread.
 */
final class LinkTalk implements LinkRequests.Listener {
    /** What the other relay is asked for. */
    static final int HEARTBEAT_MS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(LinkTalk.class);

    private final RelayCheck check;
    private final LinkReplica replica;
    private final LinkInterest interest;
    private final LinkTarget target;
    private final FeedClock clock;
    private final Consumer<byte[]> socket;
    private final Consumer<Welcome> onWelcome;
    private final LinkReplica.Line line;
    /** Null before the welcome, like the requests. */
    private Welcome welcome;
    private LinkRequests requests;

    /** What all connections share. */
    record Parts(LinkPlan plan, LinkReplica replica, LinkInterest interest, LinkTarget target, FeedClock clock) {
    }

    /**
     * A connection begins.
     *
     * @param socket     sends a text message
     * @param onWelcome  the other relay is one to follow
     * @param onComplete all that it has was published
     */
    LinkTalk(final Parts parts, final Consumer<byte[]> socket, final Consumer<Welcome> onWelcome,
            final Runnable onComplete) {
        check = new RelayCheck(parts.plan.relayId());
        replica = parts.replica;
        interest = parts.interest;
        target = parts.target;
        clock = parts.clock;
        this.socket = socket;
        this.onWelcome = onWelcome;
        line = replica.begin(1, onComplete)[0];
    }

    /** A text message has come. */
    void onText(final byte[] buffer, final int offset, final int length) {
        replica.count(length);
        final long p = PositionMessage.read(buffer, offset, length);
        if (p >= 0) {
            line.onPosition(p);
            return;
        }
        final MessageFields message = MessageFields.parse(buffer, offset, length);
        final String type = message.text("type");
        if (type.equals("welcome")) {
            onWelcome(Welcome.of(message), message);
        } else if (welcome == null) {
            throw message.bad("type", "comes before the welcome");
        } else {
            onHops(message);
            onMessage(type, message);
        }
    }

    private void onMessage(final String type, final MessageFields message) {
        if (!target.onWords(type, message) && !line.onText(type, message)) {
            switch (type) {
                case "ack" -> requests.onAck(message);
                case "error" -> requests.onError(message);
                case "heartbeat" -> onHeartbeat(message);
                default -> LOG.debug("link: a message of type {}", PrintableText.excerpt(type));
            }
        }
    }

    /** A binary message has come. */
    void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        replica.count(length);
        if (requests == null) {
            throw new BadMessageException("a binary message comes before the welcome");
        }
        requests.onImages(line.onBinary(buffer, offset, length, receivedNs));
    }

    private void onWelcome(final Welcome offered, final MessageFields message) {
        if (welcome != null) {
            throw message.bad("type", "comes twice");
        }
        check.check(offered, replica.epoch());
        welcome = offered;
        requests = new LinkRequests(clock, offered, socket, this);
        replica.onWelcome(offered);
        onWelcome.accept(offered);
        for (final LinkChannel channel : replica.feeds().channels()) {
            final long p = channel.isComplete() ? replica.completed() : 0;
            if (channel.isOnDemand()) {
                beginOnDemand(channel, p);
            } else {
                requests.begin(channel, List.of(SubscribeRequest.ALL), List.of(), replica.epoch(), p);
            }
        }
        requests.onBegun();
        target.onTalk(socket);
    }

    private void beginOnDemand(final LinkChannel channel, final long p) {
        if (p == 0) {
            interest.onVoid(channel.number());
        }
        final List<String> claimed = new ArrayList<>(List.of(SubscribeRequest.NOTHING));
        claimed.addAll(interest.begin(channel.number(), true));
        requests.begin(channel, claimed, interest.begin(channel.number(), false), replica.epoch(), p);
    }

    /**
     * The relays in front of it, as they are by now: two that went to each other at the same moment would wait for each
     * other, and send each other the same states for ever.
     */
    private void onHops(final MessageFields message) {
        if (message.has("hops") && !message.texts("hops").equals(welcome.hops())) {
            welcome = welcome.behind(message.texts("hops"));
            check.check(welcome.hops());
            target.hops(welcome.hops());
            onWelcome.accept(welcome);
        }
    }

    /** It lists all feeds: a new one is in the next welcome. */
    private void onHeartbeat(final MessageFields message) {
        replica.onIdle();
        for (final MessageFields feed : message.objects("feeds")) {
            final String name = feed.text("name");
            if (welcome.feeds().stream().noneMatch(known -> known.name().equals(name))) {
                throw new RefusedRelayException("it has a new feed " + PrintableText.excerpt(name)
                    + ", which its next welcome describes");
            }
        }
    }

    /** Asks for names; false if the connection has not come so far. */
    boolean ask(final LinkChannel channel, final List<String> names) {
        return requests != null && requests.add(channel, names);
    }

    /** Leaves names. */
    void leave(final LinkChannel channel, final List<String> names) {
        if (requests != null) {
            requests.remove(channel, names);
        }
    }

    /** What was read at once has been handled. */
    void onBatchEnd() {
        replica.onBatchEnd();
    }

    /** The connection has ended. */
    void end() {
        if (requests != null) {
            requests.end();
            target.onTalkEnd();
        }
    }

    @Override
    public void onAllImages() {
        replica.onImages();
    }

    @Override
    public void onNotResumed(final LinkChannel channel) {
        if (channel.isComplete()) {
            replica.onNotResumed();
        }
        channel.onNotResumed();
    }

    @Override
    public void onSubscribed(final LinkChannel channel, final boolean isResumed) {
        channel.confirmed().onSubscribed();
        replica.onSubscribed(isResumed);
    }

    @Override
    public void onImages(final LinkChannel channel, final List<String> names) {
        interest.onImages(channel.number(), names);
    }

    @Override
    public void onRefused(final LinkChannel channel, final List<String> names, final String why) {
        for (final String name : names) {
            target.refuse(channel.number(), name.getBytes(StandardCharsets.UTF_8), why, clock.epochUs());
        }
    }

    @Override
    public void onFailed(final String what) {
        throw new RefusedRelayException(what);
    }
}
