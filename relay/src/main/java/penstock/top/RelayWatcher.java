package penstock.top;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import penstock.telemetry.TelemetryReader;

/**
 * Looks at a relay: by its admin API, or by its counters file while the process does not answer. Owned by the thread
 * that looks.
 */
final class RelayWatcher {
    private final AdminClient api;
    private final Callable<Path> counters;

    /**
     * A watcher of one relay.
     *
     * @param counters finds the directory of the counters file; {@link IOException} says why there is none
     */
    RelayWatcher(final AdminClient api, final Callable<Path> counters) {
        this.api = api;
        this.counters = counters;
    }

    AdminClient api() {
        return api;
    }

    /**
     * Looks.
     *
     * @throws AdminClient.RefusedException if the relay answers with an error
     * @throws IOException                  if it does not answer and there is no counters file; the message has both
     */
    RelayLook look(final RelayLook.Question question) throws IOException, InterruptedException {
        try {
            return api.look(question);
        } catch (final AdminClient.RefusedException e) {
            throw e;
        } catch (final IOException e) {
            return ofCounters(reason(e));
        }
    }

    private RelayLook ofCounters(final String why) throws IOException {
        final Path directory;
        final TelemetryReader reader;
        try {
            directory = counters.call();
            reader = TelemetryReader.open(directory);
        } catch (final IOException e) {
            throw new IOException("no relay answers at " + api.place() + " (" + why + "), and there is no counters "
                + "file: " + e.getMessage() + "; name another relay by --url, or the directory of its counters file by "
                + "--dir", e);
        } catch (final Exception e) {
            throw new IllegalStateException(e);
        }
        final MetricValues values = new MetricValues();
        reader.samples().forEach(sample -> values.add(sample.label(), sample.value()));
        return new RelayLook(new RelayLook.Origin(directory.toString(), reader.state(System.currentTimeMillis()), why),
            System.nanoTime(), System.currentTimeMillis() * 1_000, values, RelayLook.Answers.NONE);
    }

    private static String reason(final IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            return "no answer within a second";
        }
        return failure.getMessage() == null ? "connection refused" : failure.getMessage();
    }
}
