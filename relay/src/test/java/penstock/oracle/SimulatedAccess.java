package penstock.oracle;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import penstock.config.relay.AuthConfig;
import penstock.fanout.Shard;
import penstock.fanout.ShardProxy;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.identity.ProductRights;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.identity.rights.HandTurnedRights;
import penstock.telemetry.Telemetry;
import penstock.wire.RequestException;

/**
 * Who the clients of a simulation are, and what they may see: keys that name products and are withdrawn and put back,
 * tokens that expire, and in half of the runs a service that takes products away, answers late, or not at all. A token
 * is the name of a client and the time, in ms, when it expires. One thread.
 */
final class SimulatedAccess {
    private static final long MS = 1_000_000;
    private static final long POLL_MS = 100;
    private static final long REFRESH_MS = 1_000;
    /** The shortest that is kept, with the time that a refresh may take. */
    private static final long GRACE_MS = REFRESH_MS + 10_000;
    private static final long HANG_MS = 5_000;
    private static final int SHORT_MS = 5_000;
    private static final int CLIENTS = 3;

    private final Timeline timeline;
    private final Timeline.Actor service;
    private final Random random;
    private final MarketProducts market;
    private final AccessControl control;
    private final HandTurnedRights rights;
    private final Map<String, SimulatedPrincipal> clients = new TreeMap<>();
    private final List<ShardProxy> shards = new ArrayList<>();
    private int failingPercent;
    private boolean isCalm;
    private boolean isSlow;

    SimulatedAccess(final Timeline timeline, final MarketProducts market, final Random random,
            final Telemetry telemetry) {
        this.timeline = timeline;
        this.random = random;
        this.market = market;
        service = timeline.newActor();
        final Products products = new Products(market.rules());
        final boolean hasService = random.nextBoolean();
        rights = hasService ? new HandTurnedRights(new AuthConfig.Rights("http://rights.invalid/{id}", null,
            REFRESH_MS, GRACE_MS), products, this::ask, timeline::nowNs, telemetry) : null;
        control = new AccessControl("keys", this::authenticate, products, new WallClock(timeline),
            hasService ? rights.rights() : ProductRights.ALL);
        control.onChanged(this::current);
        for (int i = 0; i < CLIENTS; i++) {
            final SimulatedPrincipal client = new SimulatedPrincipal("c" + i,
                new Permission(market, hasService ? GRACE_MS * MS : -1));
            clients.put(client.id, client);
            client.left = market.draw(random);
            client.grant(market.draw(random), timeline.nowNs());
        }
        if (hasService) {
            rights.onChanged(() -> shards.forEach(ShardProxy::credentialsChanged));
            poll();
        }
    }

    /** The wall clock of the relay. */
    private static final class WallClock extends Clock {
        private final Timeline timeline;

        WallClock(final Timeline timeline) {
            this.timeline = timeline;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(final ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(epochMs(timeline.nowNs()));
        }
    }

    static long epochMs(final long nowNs) {
        return (MarketTopic.BASE_US + nowNs / 1_000) / 1_000;
    }

    /** The clients of this shard are asked who they are. */
    void guard(final Shard shard, final ShardProxy proxy) {
        shard.authenticate(control);
        shards.add(proxy);
    }

    private void poll() {
        rights.poll();
        service.executeAfter(this::poll, POLL_MS * MS);
    }

    /** One of the clients. */
    SimulatedPrincipal any() {
        return clients.get("c" + random.nextInt(CLIENTS));
    }

    /** A token, of which some expire soon. */
    String token(final SimulatedPrincipal client) {
        return client.id + ' ' + (isCalm || random.nextInt(3) > 0 ? Principal.NEVER
            : epochMs(timeline.nowNs()) + SHORT_MS + random.nextInt(SHORT_MS));
    }

    /** When a token expires, on the timeline. */
    static long expiresNs(final String token) {
        final long atMs = expiresMs(token);
        return atMs == Principal.NEVER ? Principal.NEVER : atMs * MS - MarketTopic.BASE_US * 1_000;
    }

    private static long expiresMs(final String token) {
        return Long.parseLong(token.substring(token.indexOf(' ') + 1));
    }

    private static String id(final String token) {
        return token.substring(0, token.indexOf(' '));
    }

    private Principal authenticate(final String token) throws TokenException {
        final SimulatedPrincipal client = clients.get(id(token));
        if (client.isWithdrawn) {
            throw TokenException.invalid("the key is withdrawn");
        }
        return new Principal(client.id, client.granted, 0, expiresMs(token), "simulated");
    }

    private Principal current(final Principal held) {
        final SimulatedPrincipal client = clients.get(held.id());
        return client.isWithdrawn ? null : client.granted.equals(held.products()) ? held
            : new Principal(client.id, client.granted, 0, held.expiresAtMs(), "simulated");
    }

    /** Completes, at once or later, when the client of a token may open a session; with null if it may not. */
    void handshake(final String token, final Timeline.Actor thread, final Runnable whenKnown) {
        final CompletableFuture<Void> asked = rights == null ? null : rights.rights().ask(id(token));
        await(asked, thread, whenKnown);
    }

    private void await(final CompletableFuture<Void> asked, final Timeline.Actor thread, final Runnable whenKnown) {
        if (asked == null || asked.isDone()) {
            whenKnown.run();
        } else {
            thread.executeAfter(() -> await(asked, thread, whenKnown), 5 * MS);
        }
    }

    /** Who shows this token now; null if nobody does. */
    Identity identity(final String token) {
        try {
            return control.current(control.authenticate(token, null));
        } catch (final RequestException refused) {
            return null;
        }
    }

    /** A session has begun; the result is to be run when it has ended. */
    Runnable onSession(final Identity identity) {
        return control.onSession(identity.principal());
    }

    /** Something changes at random. */
    void disturb() {
        final SimulatedPrincipal client = any();
        switch (random.nextInt(rights == null ? 4 : 10)) {
            case 0, 1, 2 -> grant(client, market.draw(random));
            case 3 -> withdraw(client, !client.isWithdrawn);
            case 4 -> failingPercent = random.nextInt(3) > 0 ? 0 : random.nextInt(3) == 0 ? 100 : random.nextInt(100);
            case 5 -> isSlow = random.nextBoolean();
            case 6, 7 -> client.left = market.draw(random);
            default -> {
                client.left = market.draw(random);
                rights.refresh(random.nextBoolean() ? client.id : null);
            }
        }
    }

    /** Every key is good, and the service answers. */
    void calmDown() {
        isCalm = true;
        failingPercent = 0;
        isSlow = false;
        clients.values().forEach(client -> withdraw(client, false));
    }

    private void grant(final SimulatedPrincipal client, final Set<String> names) {
        client.grant(names, timeline.nowNs());
        shards.forEach(ShardProxy::credentialsChanged);
    }

    private void withdraw(final SimulatedPrincipal client, final boolean isWithdrawn) {
        client.isWithdrawn = isWithdrawn;
        grant(client, client.granted);
    }

    private CompletableFuture<Set<String>> ask(final String id) {
        final CompletableFuture<Set<String>> answer = new CompletableFuture<>();
        final boolean fails = random.nextInt(100) < failingPercent;
        final long delayMs = fails && random.nextBoolean() ? HANG_MS : random.nextInt(isSlow ? 2_000 : 100);
        service.executeAfter(() -> {
            if (fails) {
                answer.completeExceptionally(new IllegalStateException("the service fails"));
            } else {
                final SimulatedPrincipal client = clients.get(id);
                client.permission.answer(client.left, timeline.nowNs());
                answer.complete(client.left);
            }
        }, delayMs * MS);
        return answer;
    }
}
