package penstock.fanout.subscription;

import java.util.Arrays;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.SessionFormat;
import penstock.identity.Identity;
import penstock.identity.SessionAccess;
import penstock.thread.ThreadOwner;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.usage.session.SessionUsage;

/**
 * The facts about a session that its subscriptions are given at birth. {@code owner} is the owner of the whole shard.
 * Immutable.
 *
 * @param format what the session is sent
 * @param client the peer's address, of IPv6 its network
 * @param access what the client may see, which may change
 * @param usage  counts what the session is sent; null if usage is not counted
 */
public record SessionProfile(int number, SessionFormat format, ThreadOwner owner, String client, SessionAccess access,
        SessionUsage usage) {
    private static final SessionFormat NOTHING = new SessionFormat() {
        @Override
        public boolean hasMessages() {
            return false;
        }

        @Override
        public FrameFormat frames() {
            return null;
        }
    };
    /** Groups of an IPv6 address that name a network (/64): one host has all addresses in it. */
    private static final int NETWORK_GROUPS = 4;

    /** The client as its peer: address, colon, port. An edge stands for many clients, so it is of no address. */
    public SessionProfile {
        client = access.isEdge() ? "" : client(client);
    }

    /** See {@link SessionFormat#hasMessages}. */
    public boolean hasMessages() {
        return format.hasMessages();
    }

    /** See {@link SessionFormat#hasRows}. */
    public boolean hasRows() {
        return format.hasRows();
    }

    /** See {@link SessionFormat#isBinary}. */
    public boolean isBinary() {
        return format.isBinary();
    }

    /** Whether another relay is behind it: see {@link SessionFormat#link}. */
    public boolean isLink() {
        return format.link() != null;
    }

    /** See {@link SessionFormat#frames}. */
    public FrameFormat frames() {
        return format.frames();
    }

    private static String client(final String remote) {
        final String address = remote.substring(0, Math.max(0, remote.lastIndexOf(':')));
        final String[] groups = address.split(":");
        return groups.length <= NETWORK_GROUPS ? address
            : String.join(":", Arrays.copyOf(groups, NETWORK_GROUPS));
    }

    /** Of a session that has not begun, and perhaps never will: what would its client be refused? */
    public static SessionProfile notYetOf(final Identity identity) {
        return new SessionProfile(-1, NOTHING, null, "", new SessionAccess(identity), null);
    }

    /** The topic of a symbol as the client sees it; null if there is none, or none that it may see. */
    public Topic topic(final Channel channel, final String symbol) {
        return access.permits(channel.path(), symbol) ? channel.topic(symbol) : null;
    }

    /** The endpoint that serves such sessions. */
    public String endpoint() {
        return !hasMessages() ? "raw" : !frames().hasPeer() ? "bus" : frames().isTwoWay() ? "ws" : "sse";
    }

    /** Usage follows what the client may see by now. */
    public void followUsage() {
        if (usage != null) {
            usage.follow();
        }
    }

    /** The session ends: it uses nothing any more. */
    public void endUsage() {
        if (usage != null) {
            usage.close();
        }
    }

    /** Whether the client may send requests after the first one. */
    public boolean takesRequests() {
        return hasMessages() && frames().isTwoWay();
    }
}
