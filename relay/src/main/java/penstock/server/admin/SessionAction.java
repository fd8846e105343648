package penstock.server.admin;

import java.util.function.Predicate;
import penstock.fanout.Session;
import penstock.fanout.SessionTable;
import penstock.fanout.Shard;
import penstock.fanout.SlicedWork;
import penstock.thread.SlicedLoop;
import penstock.wire.MessageBuffer;

/**
 * Does something to sessions of a shard, one after the other, and counts them.
 *
 * <p>Owned by the shard's io thread until it is done.
 */
final class SessionAction implements SlicedWork.Task {
    /** A close or a message takes some microseconds. */
    private static final int SESSIONS_PER_CHECK = 16;

    private final SlicedLoop loop;
    private int count;

    /** {@code action} says whether it did something to a session. */
    SessionAction(final Shard shard, final Predicate<Session> action) {
        final SessionTable sessions = shard.sessions();
        loop = new SlicedLoop(sessions::next, number -> {
            if (sessions.get(number).isOpen() && action.test(sessions.get(number))) {
                count++;
            }
        }, SESSIONS_PER_CHECK);
    }

    /** To how many sessions something was done. */
    int count() {
        return count;
    }

    /** The answer to the operator: how many sessions of this relay, and to how many edges it was passed on. */
    static MessageBuffer answer(final String what, final int count, final int edges) {
        final MessageBuffer body = new MessageBuffer(48).put('{').putString(what).put(':').put(count);
        return (edges == 0 ? body : body.put(",\"edges\":").put(edges)).put('}');
    }

    /** To how many sessions of all shards. */
    static int sum(final ShardGathering.Answer<SessionAction> answer) {
        return answer.shards().stream().mapToInt(SessionAction::count).sum();
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        return loop.advance(slice::isOver);
    }

    @Override
    public void onFailure(final Throwable failure) {
        // the request is answered with 500, and the log has the failure
        count = 0;
    }
}
