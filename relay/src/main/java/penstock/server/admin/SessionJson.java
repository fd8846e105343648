package penstock.server.admin;

import java.util.Set;
import java.util.TreeSet;
import penstock.audit.SessionRecord;
import penstock.fanout.harm.HarmMeter;
import penstock.fanout.harm.InspectedSession;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.fanout.subscription.Subscription;
import penstock.wire.MessageBuffer;

/** Writes what the operator sees of sessions. Durations are in milliseconds. Stateless. */
final class SessionJson {
    private static final long NS_PER_MS = 1_000_000;

    private SessionJson() {
    }

    /** Appends the members that all answers have in common, without the end of the object. */
    static void session(final MessageBuffer out, final InspectedSession session, final HarmMeter harm,
            final long nowNs) {
        record(out, session.record());
        out.put(",\"open\":").put((nowNs - session.record().openedNs()) / NS_PER_MS);
        harm(out, harm);
        final SessionSubscriptions subscriptions = session.subscriptions();
        out.put(",\"blocked\":").put(harm.blockedNs() / NS_PER_MS);
        out.put(",\"blockedInAll\":").put(session.queue().blockedForNs(nowNs) / NS_PER_MS);
        out.put(",\"waiting\":").put(harm.waitingBytes());
        out.put(",\"missed\":").put(harm.missed());
        out.put(",\"updates\":").put(subscriptions.delivered());
        out.put(",\"bytes\":").put(session.queue().bytes());
        channels(out, subscriptions);
        if (session.closing() != null) {
            out.put(",\"closing\":").putString(session.closing().code());
        }
    }

    /** Appends how late something is, and why. */
    static void harm(final MessageBuffer out, final HarmMeter harm) {
        out.put(",\"late\":").put(harm.lateNs() / NS_PER_MS).put(",\"behind\":").put(harm.behindNs() / NS_PER_MS);
        if (harm.cause() != null) {
            out.put(",\"why\":").putString(harm.cause().text());
        }
    }

    /** Begins an object with who the client is. */
    static void record(final MessageBuffer out, final SessionRecord record) {
        out.put("{\"session\":").putString(record.id()).put(",\"endpoint\":").putString(record.endpoint());
        if (record.principal() != null) {
            out.put(",\"principal\":").putString(record.principal());
        }
        out.put(",\"address\":").putString(record.address());
    }

    private static void channels(final MessageBuffer out, final SessionSubscriptions subscriptions) {
        final Set<String> channels = new TreeSet<>();
        int topics = 0;
        for (final Subscription each : subscriptions.all()) {
            channels.add(each.channel().path());
            topics += each.topics().size();
        }
        out.put(",\"subscriptions\":").put(subscriptions.size()).put(",\"topics\":").put(topics)
            .put(",\"channels\":[");
        String separator = "";
        for (final String channel : channels) {
            out.put(separator).putString(channel);
            separator = ",";
        }
        out.put(']');
    }
}
