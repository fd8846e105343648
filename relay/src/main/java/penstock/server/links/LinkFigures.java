package penstock.server.links;

import java.util.HashMap;
import java.util.Map;
import penstock.fanout.SessionTable;
import penstock.fanout.Shard;
import penstock.fanout.SlicedWork;
import penstock.fanout.harm.HarmMeter;
import penstock.fanout.harm.InspectedSession;
import penstock.thread.SlicedLoop;

/**
 * How the links of a shard fare.
 *
 * <p>Owned by the shard's io thread until it is done.
 */
final class LinkFigures implements SlicedWork.Task {
    private static final int SESSIONS_PER_CHECK = 64;

    private final Shard shard;
    private final SessionTable sessions;
    private final SlicedLoop look;
    /** By the name of the session. */
    private final Map<String, EdgeFigure> figures = new HashMap<>();

    LinkFigures(final Shard shard) {
        this.shard = shard;
        sessions = shard.sessions();
        look = new SlicedLoop(sessions::next, this::look, SESSIONS_PER_CHECK);
    }

    Map<String, EdgeFigure> figures() {
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
        final EdgeFigure figure = new EdgeFigure(nowNs - parts.record().openedNs(),
            new EdgeFigure.Late(harm.lateNs(), harm.behindNs(), harm.cause()),
            new EdgeFigure.Socket(harm.blockedNs(), parts.queue().blockedForNs(nowNs), harm.waitingBytes()),
            new EdgeFigure.Sent(parts.subscriptions().delivered(), parts.subscriptions().conflated(), harm.missed(),
            parts.queue().bytes()));
        figures.put(parts.record().id(), figure);
    }
}
