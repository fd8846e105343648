package penstock.server.links;

import java.util.HashMap;
import java.util.Map;
import penstock.fanout.SessionTable;
import penstock.fanout.Shard;
import penstock.fanout.SlicedWork;
import penstock.fanout.harm.HarmMeter;
import penstock.fanout.harm.InspectedSession;
import penstock.thread.SlicedLoop;
import penstock.wire.MessageBuffer;

/**
 * How the links of a shard fare.
 *
 * <p>Owned by the shard's io thread until it is done.
 */
final class LinkFigures implements SlicedWork.Task {
    private static final int SESSIONS_PER_CHECK = 64;
    private static final long NS_PER_MS = 1_000_000;

    private final Shard shard;
    private final SessionTable sessions;
    private final SlicedLoop look;
    /** By the name of the session: members of its edge, each with a comma before it. */
    private final Map<String, String> figures = new HashMap<>();

    LinkFigures(final Shard shard) {
        this.shard = shard;
        sessions = shard.sessions();
        look = new SlicedLoop(sessions::next, this::look, SESSIONS_PER_CHECK);
    }

    Map<String, String> figures() {
        return figures;
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        return look.advance(slice::isOver);
    }

    @Override
    public void onFailure(final Throwable failure) {
        figures.clear();
    }

    private void look(final int number) {
        final InspectedSession parts = sessions.get(number).inspected();
        if (!parts.profile().access().isEdge()) {
            return;
        }
        final long nowNs = shard.clock().nowNs();
        final HarmMeter harm = sessions.harm().measure(parts, nowNs);
        final MessageBuffer out = new MessageBuffer(256);
        out.put(",\"open\":").put((nowNs - parts.record().openedNs()) / NS_PER_MS);
        out.put(",\"late\":").put(harm.lateNs() / NS_PER_MS).put(",\"behind\":").put(harm.behindNs() / NS_PER_MS);
        if (harm.cause() != null) {
            out.put(",\"why\":").putString(harm.cause().text());
        }
        out.put(",\"blocked\":").put(harm.blockedNs() / NS_PER_MS);
        out.put(",\"blockedInAll\":").put(parts.queue().blockedForNs(nowNs) / NS_PER_MS);
        out.put(",\"waiting\":").put(harm.waitingBytes()).put(",\"missed\":").put(harm.missed());
        out.put(",\"updates\":").put(parts.subscriptions().delivered());
        out.put(",\"conflated\":").put(parts.subscriptions().conflated());
        out.put(",\"bytes\":").put(parts.queue().bytes());
        figures.put(parts.record().id(), out.toString());
    }
}
