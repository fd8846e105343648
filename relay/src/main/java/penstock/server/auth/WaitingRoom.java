package penstock.server.auth;

import java.util.LinkedHashSet;
import java.util.Set;
import penstock.thread.ThreadOwner;

/**
 * Connections of one io thread whose client has not shown yet who it is. When the room is full, the one that waits
 * longest leaves for each new one, so that a client that sends its token at once is always heard.
 *
 * <p>Owned by the io thread.
 */
public final class WaitingRoom {
    /** A connection that waits. */
    public interface Guest {
        /** It must leave, because the room is full. */
        void onCrowdedOut();
    }

    /** Of one io thread. */
    static final int MAX = 256;

    private final ThreadOwner owner = new ThreadOwner();
    private final Set<Guest> guests = new LinkedHashSet<>();

    /** An empty room. */
    public WaitingRoom() {
    }

    /** A connection comes in. */
    public void enter(final Guest guest) {
        assert owner.check();
        if (guests.size() >= MAX) {
            final Guest oldest = guests.iterator().next();
            guests.remove(oldest);
            oldest.onCrowdedOut();
        }
        guests.add(guest);
    }

    /** A connection leaves, if it is still there. */
    public void leave(final Guest guest) {
        assert owner.check();
        guests.remove(guest);
    }
}
