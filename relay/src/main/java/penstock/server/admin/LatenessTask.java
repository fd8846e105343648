package penstock.server.admin;

import penstock.fanout.SessionTable;
import penstock.fanout.Shard;
import penstock.fanout.SlicedWork;
import penstock.fanout.harm.HarmMeter;
import penstock.fanout.harm.InspectedSession;
import penstock.finding.LateSessions;
import penstock.thread.SlicedLoop;

/** Counts the late sessions of a shard, in slices. Owned by the shard's io thread until it is done. */
final class LatenessTask implements SlicedWork.Task {
    /** A session takes a microsecond at most. */
    private static final int SESSIONS_PER_CHECK = 64;

    private final Shard shard;
    private final SessionTable sessions;
    private final SlicedLoop measured;
    private final LateSessions late = new LateSessions();

    LatenessTask(final Shard shard) {
        this.shard = shard;
        sessions = shard.sessions();
        measured = new SlicedLoop(sessions::next, this::measure, SESSIONS_PER_CHECK);
    }

    /** Those that were found. */
    LateSessions late() {
        return late;
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        return measured.advance(slice::isOver);
    }

    @Override
    public void onFailure(final Throwable failure) {
        // the answer is 500, and the log has the failure
    }

    private void measure(final int number) {
        final InspectedSession session = sessions.get(number).inspected();
        final HarmMeter harm = sessions.harm().measure(session, shard.clock().nowNs());
        // links have findings of their own
        late.add(session.record(), session.profile().access().isEdge() ? null : harm.cause(), harm.lateNs());
    }
}
