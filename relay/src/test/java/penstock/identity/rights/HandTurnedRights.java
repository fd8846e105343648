package penstock.identity.rights;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import penstock.config.relay.AuthConfig;
import penstock.identity.ProductRights;
import penstock.identity.Products;
import penstock.telemetry.Telemetry;

/** The rights of clients by a service, without a thread: a test takes the rounds of it. One thread. */
public final class HandTurnedRights {
    private final Rights rights;

    /** {@code source} answers what is left to a client. */
    public HandTurnedRights(final AuthConfig.Rights config, final Products products,
            final Function<String, CompletableFuture<Set<String>>> source, final LongSupplier clock,
            final Telemetry telemetry) {
        rights = new Rights(config, products, source, clock, telemetry.counters("rights"), telemetry.errors());
    }

    /** What is left of the products of clients. */
    public ProductRights rights() {
        return rights;
    }

    /** {@code next} is called when open sessions must learn of a change. */
    public void onChanged(final Runnable next) {
        rights.onChanged(next);
    }

    /** The operator says that the rights of a client have changed. */
    public void refresh(final String id) {
        rights.refresh(id);
    }

    /** A round of the thread. */
    public void poll() {
        rights.poll();
    }
}
