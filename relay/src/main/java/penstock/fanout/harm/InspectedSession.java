package penstock.fanout.harm;

import penstock.audit.SessionRecord;
import penstock.audit.Termination;
import penstock.fanout.frame.ControlQueue;
import penstock.fanout.subscription.SessionProfile;
import penstock.fanout.subscription.SessionSubscriptions;

/**
 * The parts of an open session, to be read. They change while the shard runs; those of a session that has ended are
 * empty. Owned by the shard's io thread.
 *
 * @param closing why it is closing; null while it is open
 */
public record InspectedSession(SessionRecord record, SessionProfile profile, ControlQueue queue,
        SessionSubscriptions subscriptions, Termination closing) {
}
