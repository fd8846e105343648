package penstock.server.auth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.wire.MessageBuffer;

/**
 * The relays behind this one, and the sessions that they report: they count for the limits of their clients like those
 * of this relay. What each edge learns of them follows the rights and the sessions of the whole. Any thread.
 */
public final class Edges {
    /** Links at once. */
    static final int MAX_LINKS = 64;
    private static final int KNOWN = -1;

    private final EdgeClients shared;
    private final Map<String, KnownEdge> edges = new ConcurrentHashMap<>();
    private final AtomicInteger links = new AtomicInteger();

    /** Of clients by the rules of {@code access}, whose sessions are counted in {@code sessions}. */
    Edges(final AccessControl access, final PrincipalSessions sessions) {
        shared = new EdgeClients(access, sessions);
        sessions.watch(principal -> edges.values().forEach(edge -> edge.onCount(principal)));
    }

    /** The place of one more link; null if there are as many as are served. */
    Seat takeLink(final Principal edge) {
        if (links.incrementAndGet() > MAX_LINKS) {
            links.decrementAndGet();
            return null;
        }
        final Seat seat = new Seat(shared.sessions(), edge.id(), null);
        final boolean[] hasEnded = new boolean[1];
        seat.onEnd(() -> {
            if (!hasEnded[0]) {
                hasEnded[0] = true;
                links.decrementAndGet();
            }
        });
        return seat;
    }

    /**
     * An edge has connected. A former link of it is replaced; the sessions that it reported count for a while.
     *
     * @param edge    what it calls itself
     * @param client  who it has shown to be
     * @param session the name of its session at this relay
     * @param address and port of its peer
     */
    public Link open(final String edge, final Principal client, final String session, final String address,
            final LinkSender sender) {
        final String key = client.id().equals(edge) ? edge : client.id() + '/' + edge;
        final Link link = new Link(edge, session, address, sender);
        edges.compute(key, (name, known) -> {
            final KnownEdge opened = known == null ? new KnownEdge(name, shared, this::forget) : known;
            link.begin(opened);
            return opened;
        });
        return link;
    }

    /** {@code next} learns of the sessions of edges, and those of this relay. Before the first one. */
    public void watch(final SessionWatch next) {
        shared.watch(next);
    }

    /** A session of this relay has begun, with a client as it has shown to be; {@code seat} is its seat. */
    public void onOwn(final Identity client, final String session, final String address, final Seat seat,
            final SessionWatch.End end) {
        final SessionWatch watch = shared.watch();
        if (watch != SessionWatch.NONE) {
            watch.onBegun(EdgeMessages.facts(client.principal(), session, address), end);
            seat.onEnd(() -> watch.onEnded(session));
        }
    }

    /** This relay is an edge: that many sessions of a client are at other relays, if it may have no more. */
    public void elsewhere(final String client, final int count) {
        shared.sessions().elsewhere(client, count);
    }

    /** Nothing is known any more of the sessions at other relays. */
    public void forgetElsewhere() {
        shared.sessions().forgetElsewhere();
    }

    /** The credentials or the rights of clients have changed. */
    public void recheck() {
        edges.values().forEach(KnownEdge::recheck);
    }

    /**
     * An order of the operator to all edges, to those that are not connected when they come back.
     *
     * @param id      no other one has it
     * @param ageNs   how long ago it was given
     * @param message without its end
     * @return how many edges are connected; negative if the order is known already
     */
    public int order(final String id, final long ageNs, final MessageBuffer message) {
        final MessageBuffer order = shared.orders().add(id, ageNs, message);
        if (order == null) {
            return KNOWN;
        }
        int count = 0;
        for (final KnownEdge edge : edges.values()) {
            count += edge.send(order) ? 1 : 0;
        }
        return count;
    }

    /** Edges with a link. */
    public int count() {
        return links.get();
    }

    /** The names of the edges that are connected, by those of their links. */
    public Map<String, String> links() {
        final Map<String, String> links = new HashMap<>();
        edges.values().forEach(edge -> {
            final String link = edge.link();
            if (link != null) {
                links.put(link, edge.name());
            }
        });
        return links;
    }

    /** Sessions that edges report. */
    public int sessionCount() {
        return shared.count();
    }

    /** What is known of each edge, in no order. */
    public List<EdgeView> views() {
        final List<EdgeView> views = new ArrayList<>();
        edges.values().forEach(edge -> views.add(edge.view()));
        return views;
    }

    /** An edge has been away for so long that its sessions count no more, unless it has come back meanwhile. */
    private void forget(final KnownEdge gone) {
        edges.computeIfPresent(gone.name(), (name, known) -> {
            if (known != gone || !known.expire()) {
                return known;
            }
            return null;
        });
    }
}
