package penstock.identity.rights;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The clients whose rights are to be asked for, and how many requests are under way. Clients that connect go before
 * those whose answers are only to be refreshed, and always find room. Guarded by the lock of {@link Rights}.
 */
final class RightsQueue {
    /** Requests under way. */
    static final int MAX_ASKED = 64;
    /** Of them, those for clients whose answers are refreshed. */
    static final int MAX_REFRESHING = 48;
    /** Clients that connect and wait until they are asked for. */
    static final int MAX_WAITING = 2_048;

    private final Deque<ClientRights> connecting = new ArrayDeque<>();
    private final Deque<ClientRights> refreshing = new ArrayDeque<>();
    private int asked;

    /** A client connects; false if too many wait. One that is asked for already is not queued again. */
    boolean addConnecting(final ClientRights client) {
        if (client.state() == ClientRights.State.IDLE) {
            if (connecting.size() >= MAX_WAITING) {
                return false;
            }
            client.state(ClientRights.State.WAITING);
            connecting.add(client);
        }
        return true;
    }

    /** The answer of a client with open sessions is refreshed. */
    void addRefreshing(final ClientRights client) {
        if (client.state() == ClientRights.State.IDLE) {
            client.state(ClientRights.State.WAITING);
            refreshing.add(client);
        }
    }

    /** The next one to be asked for; null if there is none, or if enough requests are under way. */
    ClientRights next() {
        ClientRights next = asked < MAX_ASKED ? connecting.poll() : null;
        if (next == null && asked < MAX_REFRESHING) {
            next = refreshing.poll();
        }
        if (next != null) {
            asked++;
            next.state(ClientRights.State.ASKED);
        }
        return next;
    }

    /** A request has ended. */
    void onEnded(final ClientRights client) {
        asked--;
        client.state(ClientRights.State.IDLE);
    }
}
