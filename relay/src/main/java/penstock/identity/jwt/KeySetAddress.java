package penstock.identity.jwt;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.AuthConfig;
import penstock.identity.PollThread;
import penstock.telemetry.ErrorLog;
import penstock.text.Address;

/**
 * A JWKS document at an address, fetched in the background. A token with an unknown {@code kid} lets it be fetched
 * sooner, at most once per {@code refetch-after}: so made-up names cause no flood. While the address fails, the last
 * keys remain for {@code outage-tolerance}; from then on there are none. Written by its own thread, read by any.
 */
final class KeySetAddress extends PollThread implements KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(KeySetAddress.class);

    /** Fetches the document. */
    interface Fetch {
        byte[] fetch() throws UnusableKeyException;
    }

    private record Fetched(KeySet keys, long atNs) {
    }

    private final Address address;
    private final Fetch fetch;
    private final KeyRules rules;
    private final LongSupplier clock;
    private final long refreshNs;
    private final long refetchNs;
    private final long toleranceNs;
    private volatile Fetched last;
    private volatile boolean isAsked;
    private volatile Runnable listener = () -> { };
    private long triedNs;
    private long waitNs;
    private String reported;

    /** Fetches nothing yet. {@code clock} counts nanoseconds and never goes back. */
    KeySetAddress(final Address address, final Fetch fetch, final KeyRules rules, final AuthConfig.Refresh times,
            final LongSupplier clock, final ErrorLog errors) {
        super("keys", errors);
        this.address = address;
        this.fetch = fetch;
        this.rules = rules;
        this.clock = clock;
        refreshNs = TimeUnit.MILLISECONDS.toNanos(times.refreshMs());
        refetchNs = TimeUnit.MILLISECONDS.toNanos(times.refetchAfterMs());
        toleranceNs = TimeUnit.MILLISECONDS.toNanos(times.outageToleranceMs());
        triedNs = clock.getAsLong();
    }

    /** Fetches the document if it is time. */
    @Override
    protected void poll() {
        final long nowNs = clock.getAsLong();
        if (nowNs - triedNs < (isAsked ? Math.min(waitNs, refetchNs) : waitNs)) {
            return;
        }
        triedNs = nowNs;
        isAsked = false;
        waitNs = Math.min(refreshNs, refetchNs);
        try {
            onFetched(KeySet.parse(fetch.fetch(), rules), nowNs);
            waitNs = refreshNs;
        } catch (final UnusableKeyException e) {
            report(e.getMessage());
        }
    }

    private void onFetched(final KeySet next, final long nowNs) {
        final boolean isSame = last != null && next.isSame(last.keys());
        if (reported != null) {
            LOG.info("auth.jwt.jwks: {} answers again", address);
            reported = null;
        }
        last = new Fetched(next, nowNs);
        if (!isSame) {
            LOG.info("auth.jwt.jwks: {} from {}", next, address);
            next.skipped().forEach(reason -> LOG.warn("auth.jwt.jwks: a key is not used: {}", reason));
            listener.run();
        }
    }

    private void report(final String failure) {
        final String state = keys() != null ? "the keys that were fetched before remain for now"
            : last == null ? "there are no keys yet, so every token is refused"
            : "the outage is longer than auth.jwt.outage-tolerance, so every token is refused";
        final String report = failure + "; " + state;
        if (!report.equals(reported)) {
            reported = report;
            LOG.error("auth.jwt.jwks: {}: {}", address, report);
        }
    }

    @Override
    public KeySet keys() {
        final Fetched fetched = last;
        return fetched == null || clock.getAsLong() - fetched.atNs() > toleranceNs ? null : fetched.keys();
    }

    @Override
    public void onUnknownKey() {
        if (!isAsked) {
            isAsked = true;
            wake();
        }
    }

    @Override
    public void onChanged(final Runnable next) {
        listener = next;
    }
}
