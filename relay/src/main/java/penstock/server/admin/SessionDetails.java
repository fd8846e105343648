package penstock.server.admin;

import java.util.List;
import penstock.fanout.Session;
import penstock.fanout.SessionTable;
import penstock.fanout.Shard;
import penstock.fanout.SlicedWork;
import penstock.fanout.harm.InspectedSession;
import penstock.fanout.subscription.Subscription;
import penstock.thread.SlicedLoop;
import penstock.topic.Channel;
import penstock.wire.ChannelName;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.SubscriptionInfo;

/**
 * Writes all that a shard knows of one session, if it is one of its own. Subscriptions are looked at one after the
 * other, in slices: each is consistent by itself.
 *
 * <p>Owned by the shard's io thread until it is done.
 */
final class SessionDetails implements SlicedWork.Task {
    private static final int SESSIONS_PER_CHECK = 64;

    private final Shard shard;
    private final SlicedLoop search;
    private final String name;
    private final MessageBuffer subscriptionsText = new MessageBuffer(1024);
    private InspectedSession session;
    private List<Subscription> subscriptions;
    private int place;
    private OutstandingTopics outstanding;
    private MessageBuffer text;

    /** Of the session with that name. */
    SessionDetails(final Shard shard, final String name) {
        this.shard = shard;
        this.name = name;
        final SessionTable sessions = shard.sessions();
        search = new SlicedLoop(from -> session == null ? sessions.next(from) : -1,
            number -> look(sessions.get(number)), SESSIONS_PER_CHECK);
    }

    /** What there is to say; null if the session is of another shard, or of none. */
    MessageBuffer text() {
        return text;
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        if (!search.advance(slice::isOver)) {
            return false;
        }
        while (session != null && place < subscriptions.size()) {
            final Subscription subscription = subscriptions.get(place);
            if (outstanding == null) {
                outstanding = new OutstandingTopics(shard, subscription);
            }
            if (!outstanding.advance(slice)) {
                return false;
            }
            write(subscription);
            outstanding = null;
            place++;
        }
        if (session != null) {
            final long nowNs = shard.clock().nowNs();
            text = new MessageBuffer(1024 + subscriptionsText.length());
            SessionJson.session(text, session, shard.sessions().harm().measure(session, nowNs), nowNs);
            text.put(",\"details\":[").put(subscriptionsText.bytes(), 0, subscriptionsText.length()).put("]}");
        }
        return true;
    }

    @Override
    public void onFailure(final Throwable failure) {
        text = null;
    }

    private void look(final Session each) {
        final InspectedSession parts = each.inspected();
        if (parts.record().id().equals(name)) {
            session = parts;
            subscriptions = List.copyOf(parts.subscriptions().all());
        }
    }

    private void write(final Subscription subscription) {
        final MessageBuffer out = subscriptionsText;
        final Channel channel = subscription.channel();
        final long nowNs = shard.clock().nowNs();
        out.put(out.length() == 0 ? "{\"sub\":" : ",{\"sub\":").putString(subscription.name()).put(',');
        MessageEncoder.settings(out, new SubscriptionInfo(
            new ChannelName(shard.topics().nameOf(channel.feed()), channel.name()), subscription.name(),
            subscription.options(), List.of(), 0, List.of(), 0));
        out.put(",\"topics\":").put(subscription.topics().size());
        out.put(",\"images\":").put(subscription.topics().pendingImages());
        out.put(",\"p\":").put(subscription.cursor().position());
        SessionJson.harm(out,
            shard.sessions().harm().measure(subscription, session.queue().isBlocked(), nowNs));
        outstanding.write(out, nowNs);
        out.put('}');
    }
}
