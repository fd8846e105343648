package penstock.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives tokens or keys: one for each connection, and the next one before a JWT expires. */
@FunctionalInterface
public interface TokenSource {
    /** A token, in time. It is called on the client's executor, so what takes long belongs on another thread. */
    CompletionStage<String> next();

    /** Always the same one: a key. */
    static TokenSource of(final String key) {
        return () -> CompletableFuture.completedFuture(key);
    }
}
