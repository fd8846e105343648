package penstock.fanout.link;

import penstock.audit.Termination;
import penstock.fanout.Session;
import penstock.fanout.harm.InspectedSession;
import penstock.identity.EdgeLink;
import penstock.wire.CloseStatus;
import penstock.wire.MessageBuffer;

/** A session of an edge, or one at an edge, as the one who opens it sees it. Owned by the shard's io thread. */
public final class LinkSession {
    private final Session session;
    private final InspectedSession parts;

    /** Of {@code session}. */
    public LinkSession(final Session session) {
        this.session = session;
        parts = session.inspected();
    }

    /** Its name. */
    public String id() {
        return parts.record().id();
    }

    /** Its edge reports to {@code link} from now on. */
    public void link(final EdgeLink link) {
        parts.profile().access().link(link);
    }

    /** Sends a message, unless the edge does not read: then it is to come back, and learns all. */
    public void send(final MessageBuffer message) {
        if (!session.isOpen()) {
            return;
        }
        if (parts.queue().isOverLimit()) {
            session.close(Termination.SLOW);
        } else {
            session.send(message);
        }
    }

    /** Another relay has it end, with that code. */
    public void close(final int code, final String reason) {
        if (session.isOpen()) {
            session.close(code == CloseStatus.REPLACED.code() ? Termination.REPLACED
                : code == CloseStatus.FLOODING.code() ? Termination.QUOTA : Termination.KICKED, code, reason);
        }
    }

    /** A newer link takes its place. */
    public void replace() {
        if (session.isOpen()) {
            session.close(Termination.REPLACED);
        }
    }
}
