package penstock.identity.jwt;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import penstock.identity.Principal;
import penstock.identity.TokenException;

/**
 * The threads that verify signatures: the first one of a token takes 0.1 to 2 ms, too long for an io thread. They
 * take half of the cores, so that a flood of tokens leaves the other half to the data, and end when there is nothing to
 * do. Any thread.
 */
final class TokenWorkers implements AutoCloseable {
    /** Tokens that wait, each at most {@link SignedToken#MAX_CHARS} long. */
    static final int MAX_WAITING = 2_048;

    private static final int IDLE_S = 30;

    /** Verifies a token. */
    interface Verification {
        /** The principal of the token. */
        Principal run() throws TokenException;
    }

    private final AtomicInteger started = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    TokenWorkers() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), MAX_WAITING);
    }

    TokenWorkers(final int count, final int maxWaiting) {
        threads = new ThreadPoolExecutor(count, count, IDLE_S, TimeUnit.SECONDS, new ArrayBlockingQueue<>(maxWaiting),
            task -> {
                final Thread thread = new Thread(task, "tokens-" + started.getAndIncrement());
                thread.setDaemon(true);
                return thread;
            });
        threads.allowCoreThreadTimeOut(true);
    }

    /** The result of {@code verification}; a failure of the kind busy if too many wait. */
    CompletableFuture<Principal> run(final Verification verification) {
        final CompletableFuture<Principal> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    result.complete(verification.run());
                } catch (final TokenException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (final RejectedExecutionException full) {
            result.completeExceptionally(
                new TokenException(TokenException.Kind.BUSY, "too many tokens wait to be verified"));
        }
        return result;
    }

    /** Takes no more tokens; those that wait are still verified, because clients wait for them. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
