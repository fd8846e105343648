package penstock.identity.rights;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.text.Address;
import penstock.text.PrintableText;

/**
 * What a service of the operator leaves of a principal's products. The service can take products away and never grants
 * one that key or token does not name. Answers are kept for {@code refresh}; while the service fails, the last answer
 * counts for {@code grace}, and from then on, as without any answer, no product is left. Any thread, under one lock.
 */
public final class Rights {
    /** Clients whose answers are kept; those that were asked about least recently are forgotten first. */
    static final int MAX_KEPT = 20_000;

    /** Requests under way; a client beyond that gets the last answer, or nothing. */
    static final int MAX_ASKED = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Rights.class);
    private static final long WITHIN_MS = 5_000;

    private record Answer(Set<String> products, long atNs) {
    }

    private final Function<String, CompletableFuture<Set<String>>> source;
    private final Set<String> known;
    private final String name;
    private final LongSupplier clock;
    private final long refreshNs;
    private final long graceNs;
    private final Map<String, CompletableFuture<Set<String>>> asked = new HashMap<>();
    private final Map<String, Answer> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Answer> eldest) {
            return size() > MAX_KEPT;
        }
    };
    private boolean isFailing;

    /** Asks the service that the configuration names. */
    public Rights(final AuthConfig.Rights config, final Products products) {
        this(config, products, new RightsSource(config, WITHIN_MS)::ask, System::nanoTime);
    }

    Rights(final AuthConfig.Rights config, final Products products,
            final Function<String, CompletableFuture<Set<String>>> source, final LongSupplier clock) {
        this.source = source;
        known = products.names();
        this.clock = clock;
        name = new Address(config.url()).toString();
        refreshNs = TimeUnit.MILLISECONDS.toNanos(config.refreshMs());
        graceNs = TimeUnit.MILLISECONDS.toNanos(config.graceMs());
    }

    /** Calls {@code then} on {@code executor} with the principal and the products that are left to it. Never blocks. */
    public void ask(final Principal principal, final Executor executor, final Consumer<Principal> then) {
        products(principal.id())
            .thenAccept(allowed -> executor.execute(() -> then.accept(narrowed(principal, allowed))));
    }

    private static Principal narrowed(final Principal principal, final Set<String> allowed) {
        final Set<String> left = new HashSet<>(principal.products());
        left.retainAll(allowed);
        return left.equals(principal.products()) ? principal : new Principal(principal.id(), left,
            principal.maxSessions(), principal.expiresAtMs(), principal.credential());
    }

    private CompletableFuture<Set<String>> products(final String id) {
        final CompletableFuture<Set<String>> answer;
        synchronized (this) {
            final Answer last = kept.get(id);
            if (last != null && clock.getAsLong() - last.atNs() < refreshNs) {
                return CompletableFuture.completedFuture(last.products());
            }
            final CompletableFuture<Set<String>> underWay = asked.get(id);
            if (underWay != null) {
                return underWay;
            }
            if (asked.size() >= MAX_ASKED) {
                return CompletableFuture.completedFuture(remembered(id));
            }
            answer = new CompletableFuture<>();
            asked.put(id, answer);
        }
        source.apply(id).whenComplete((products, failure) -> answer.complete(failure == null
            ? onAnswer(id, products) : onFailure(id, failure)));
        return answer;
    }

    /** Keeps the names that the configuration has, so that an answer takes no more memory than they do. */
    private synchronized Set<String> onAnswer(final String id, final Set<String> answered) {
        asked.remove(id);
        final Set<String> products = known.stream().filter(answered::contains).collect(Collectors.toUnmodifiableSet());
        kept.put(id, new Answer(products, clock.getAsLong()));
        if (isFailing) {
            isFailing = false;
            LOG.info("auth.rights: {} answers again", name);
        }
        return products;
    }

    private synchronized Set<String> onFailure(final String id, final Throwable failure) {
        asked.remove(id);
        if (!isFailing) {
            isFailing = true;
            LOG.error("auth.rights: {} fails: {}; the last answers count for auth.rights.grace", name,
                PrintableText.excerpt(reason(failure)));
        }
        return remembered(id);
    }

    private static String reason(final Throwable failure) {
        final Throwable cause = failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause() : failure;
        return cause instanceof TimeoutException ? "it did not answer in time" : cause.toString();
    }

    private Set<String> remembered(final String id) {
        final Answer last = kept.get(id);
        return last != null && clock.getAsLong() - last.atNs() <= graceNs ? last.products() : Set.of();
    }
}
