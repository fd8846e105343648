package penstock.identity.rights;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import penstock.config.relay.AuthConfig;
import penstock.identity.PollThread;
import penstock.identity.Principal;
import penstock.identity.ProductRights;
import penstock.identity.Products;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.Telemetry;

/**
 * What a service of the operator leaves of a principal's products. The service can take products away and never grants
 * one that key or token does not name. Answers are kept for {@code refresh}, and those of clients with open sessions
 * are refreshed. While the service fails, the last answer counts for {@code grace}, and from then on, as without any
 * answer, no product is left. Its own thread asks; any thread may call it, under one lock.
 */
public final class Rights extends PollThread implements ProductRights {
    /** Clients without a session whose answers are kept; those that were needed least recently are forgotten first. */
    static final int MAX_KEPT = 20_000;

    /** How long a client that connects waits for an answer. */
    private static final long WITHIN_MS = 5_000;
    /** An answer counts for a while after its refresh is due: the service must be asked, and answer. */
    private static final long REFRESH_TAKES_MS = 10_000;
    private static final long RETRY_MS = 5_000;
    /** Changes that come together are passed on together: each lets all sessions be looked at. */
    private static final long TOGETHER_MS = 100;
    private static final long LOOK_EVERY_MS = 1_000;
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Function<String, CompletableFuture<Set<String>>> source;
    private volatile Set<String> known;
    private final RightsLog log;
    private final Counters counters;
    private final LongSupplier clock;
    private final long refreshNs;
    private final long graceNs;
    private final RightsQueue queue = new RightsQueue();
    private final Map<String, ClientRights> open = new HashMap<>();
    private final Map<String, ClientRights> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, ClientRights> eldest) {
            return size() > MAX_KEPT;
        }
    };
    private volatile Runnable listener = () -> { };
    private boolean isChanged;
    private long passedOnNs;
    private long lookedNs;

    /** Asks the service that the configuration names, from {@link #start} on. */
    public Rights(final AuthConfig.Rights config, final Products products, final Telemetry telemetry) {
        this(config, products, new RightsSource(config, WITHIN_MS)::ask, System::nanoTime,
            telemetry.counters("rights"), telemetry.errors());
    }

    Rights(final AuthConfig.Rights config, final Products products,
            final Function<String, CompletableFuture<Set<String>>> source, final LongSupplier clock,
            final Counters counters, final ErrorLog errors) {
        super("rights", errors);
        this.source = source;
        known = products.names();
        log = new RightsLog(config.url());
        this.counters = counters;
        this.clock = clock;
        refreshNs = TimeUnit.MILLISECONDS.toNanos(config.refreshMs());
        graceNs = TimeUnit.MILLISECONDS.toNanos(Math.max(config.graceMs(), config.refreshMs() + REFRESH_TAKES_MS));
        passedOnNs = clock.getAsLong() - TimeUnit.MILLISECONDS.toNanos(TOGETHER_MS);
        lookedNs = passedOnNs;
    }

    /** Calls {@code next} after changes that open sessions must learn, on its own thread. Before {@link #start}. */
    public void onChanged(final Runnable next) {
        listener = next;
    }

    /** The configuration has these products by now: answers may name them, and all clients are asked for again. */
    public void follow(final Products products) {
        known = products.names();
        refresh(null);
    }

    @Override
    public CompletableFuture<Void> ask(final String id) {
        final CompletableFuture<Void> answer;
        synchronized (this) {
            final ClientRights client = client(id);
            final long nowNs = clock.getAsLong();
            if (client.isFresh(nowNs, refreshNs)) {
                return DONE;
            }
            final boolean isQueued = queue.addConnecting(client);
            final boolean counts = client.counting(nowNs, graceNs) != null;
            if (!isQueued || log.isFailing() && counts) {
                counters.add(Counter.RIGHTS_MISSING, counts ? 0 : 1);
                answer = DONE;
            } else {
                answer = client.next();
            }
        }
        wake();
        return answer == DONE ? DONE : answer.copy().completeOnTimeout(null, WITHIN_MS, TimeUnit.MILLISECONDS)
            .thenRun(() -> countMissing(id));
    }

    @Override
    public synchronized Set<String> left(final Principal principal) {
        final ClientRights client = find(principal.id());
        final Set<String> answered = client == null ? Set.of() : show(client);
        if (answered.containsAll(principal.products())) {
            return principal.products();
        }
        final Set<String> left = new HashSet<>(principal.products());
        left.retainAll(answered);
        return left;
    }

    @Override
    public synchronized Runnable onSession(final String id) {
        final ClientRights client = client(id);
        if (client.addSessions(1) == 1) {
            kept.remove(id);
            open.put(id, client);
            // an answer may have come after the look at the rights that the session begins with
            show(client);
        }
        final AtomicBoolean hasEnded = new AtomicBoolean();
        return () -> {
            if (hasEnded.compareAndSet(false, true)) {
                onSessionEnded(client);
            }
        };
    }

    private synchronized void onSessionEnded(final ClientRights client) {
        if (client.addSessions(-1) == 0) {
            open.remove(client.id());
            kept.put(client.id(), client);
        }
    }

    /**
     * Asks for the rights of a client again, null = of all, because they changed. Clients without a session are asked
     * for when they come back.
     *
     * @return how many clients with open sessions are asked for
     */
    public int refresh(final String id) {
        final int count;
        synchronized (this) {
            stream(kept, id).forEach(ClientRights::outdate);
            stream(open, id).forEach(ClientRights::outdate);
            stream(open, id).forEach(queue::addRefreshing);
            count = id == null ? open.size() : open.containsKey(id) ? 1 : 0;
        }
        wake();
        return count;
    }

    @Override
    protected void poll() {
        look();
        for (ClientRights client = next(); client != null; client = next()) {
            send(client);
        }
        passOn();
    }

    private synchronized ClientRights next() {
        return queue.next();
    }

    private void send(final ClientRights client) {
        CompletableFuture<Set<String>> answer;
        try {
            answer = source.apply(client.id());
        } catch (final RuntimeException impossible) {
            answer = CompletableFuture.failedFuture(impossible);
        }
        answer.whenComplete((products, failure) -> onEnded(client, products, failure));
    }

    /** The answers of open sessions are refreshed, and end if they cannot be. */
    private synchronized void look() {
        final long nowNs = clock.getAsLong();
        if (nowNs - lookedNs < TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MS)) {
            return;
        }
        lookedNs = nowNs;
        for (final ClientRights client : open.values()) {
            if (!client.isFresh(nowNs, refreshNs)
                    && client.mayRetry(nowNs, Math.min(refreshNs, TimeUnit.MILLISECONDS.toNanos(RETRY_MS)))) {
                queue.addRefreshing(client);
            }
            show(client);
        }
    }

    private void passOn() {
        synchronized (this) {
            final long waitNs = passedOnNs + TimeUnit.MILLISECONDS.toNanos(TOGETHER_MS) - clock.getAsLong();
            if (!isChanged) {
                return;
            }
            if (waitNs > 0) {
                CompletableFuture.delayedExecutor(waitNs, TimeUnit.NANOSECONDS).execute(this::wake);
                return;
            }
            isChanged = false;
            passedOnNs = clock.getAsLong();
        }
        listener.run();
    }

    /** Keeps the names that the configuration has, so that an answer takes no more memory than they do. */
    private void onEnded(final ClientRights client, final Set<String> answered, final Throwable failure) {
        final CompletableFuture<Void> waiting;
        synchronized (this) {
            counters.increment(Counter.RIGHTS_ASKED);
            queue.onEnded(client);
            if (failure == null) {
                log.onAnswer();
                client.onAnswer(known.stream().filter(answered::contains).collect(Collectors.toUnmodifiableSet()),
                    clock.getAsLong());
                if (open.containsKey(client.id())) {
                    show(client);
                }
            } else {
                counters.increment(Counter.RIGHTS_FAILED);
                log.onFailure(failure);
                client.onFailure(clock.getAsLong());
            }
            waiting = client.takeNext();
            if (client.takeMustAskAgain()) {
                queue.addRefreshing(client);
            }
        }
        if (waiting != null) {
            waiting.complete(null);
        }
        wake();
    }

    private synchronized void countMissing(final String id) {
        final ClientRights client = find(id);
        if (client == null || client.counting(clock.getAsLong(), graceNs) == null) {
            counters.increment(Counter.RIGHTS_MISSING);
        }
    }

    /**
     * The products that the client has now; if its sessions know others, they learn these. A session may look between
     * the end of the grace and the next round, and lose its products: the next answer must reach it, even if it equals
     * the one before.
     */
    private Set<String> show(final ClientRights client) {
        final Set<String> products = client.counting(clock.getAsLong(), graceNs);
        final Set<String> left = products == null ? Set.of() : products;
        if (client.show(left)) {
            isChanged = true;
            counters.add(Counter.RIGHTS_MISSING, products == null ? 1 : 0);
        }
        return left;
    }

    private static Stream<ClientRights> stream(final Map<String, ClientRights> clients, final String id) {
        return id == null ? clients.values().stream() : Stream.ofNullable(clients.get(id));
    }

    private ClientRights find(final String id) {
        final ClientRights client = open.get(id);
        return client != null ? client : kept.get(id);
    }

    private ClientRights client(final String id) {
        final ClientRights found = find(id);
        return found != null ? found : kept.computeIfAbsent(id, ClientRights::new);
    }

    /** Age of the oldest answer that a client with open sessions has; {@link Telemetry#UNKNOWN} without one. */
    public synchronized long ageSeconds() {
        final long nowNs = clock.getAsLong();
        long oldestNs = -1;
        for (final ClientRights client : open.values()) {
            oldestNs = Math.max(oldestNs, client.ageNs(nowNs));
        }
        return oldestNs < 0 ? Telemetry.UNKNOWN : TimeUnit.NANOSECONDS.toSeconds(oldestNs);
    }
}
