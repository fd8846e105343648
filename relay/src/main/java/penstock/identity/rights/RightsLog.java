package penstock.identity.rights;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.text.Address;
import penstock.text.PrintableText;

/** Logs when the service of rights begins to fail, and when it answers again. Guarded by the lock of {@link Rights}. */
final class RightsLog {
    private static final Logger LOG = LoggerFactory.getLogger(RightsLog.class);

    private final String name;
    private boolean isFailing;

    RightsLog(final String url) {
        name = new Address(url).toString();
        if (url.regionMatches(true, 0, "http:", 0, 5)) {
            LOG.warn("auth.rights.url is an http address: who controls the network to it decides what clients see; "
                + "use https");
        }
    }

    /** The last request failed. */
    boolean isFailing() {
        return isFailing;
    }

    void onAnswer() {
        if (isFailing) {
            isFailing = false;
            LOG.info("auth.rights: {} answers again", name);
        }
    }

    void onFailure(final Throwable failure) {
        if (!isFailing) {
            isFailing = true;
            LOG.error("auth.rights: {} fails: {}; the last answers count for auth.rights.grace", name,
                PrintableText.excerpt(reason(failure)));
        }
    }

    private static String reason(final Throwable failure) {
        final Throwable cause = failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause() : failure;
        return cause instanceof TimeoutException ? "it did not answer in time" : cause.toString();
    }
}
