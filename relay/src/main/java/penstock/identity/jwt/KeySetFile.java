package penstock.identity.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.ConfigException;
import penstock.config.Problem;
import penstock.identity.FileWatch;
import penstock.identity.PollThread;
import penstock.telemetry.ErrorLog;

/**
 * A JWKS file, read again within a second after it changed. While a new version is broken, the old keys remain. Written
 * by its own thread, read by any.
 */
final class KeySetFile extends PollThread implements KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(KeySetFile.class);

    private final Path file;
    private final KeyRules rules;
    private final FileWatch watch;
    private volatile KeySet keys;
    private volatile Runnable listener = () -> { };
    private String reported;

    /** Reads the file; throws {@link ConfigException} if it cannot be used. */
    KeySetFile(final Path file, final KeyRules rules, final ErrorLog errors, final Clock clock) {
        super("keys", errors);
        this.file = file;
        this.rules = rules;
        watch = new FileWatch(file, clock);
        watch.mayHaveChanged();
        try {
            keys = read();
        } catch (final UnusableKeyException e) {
            throw new ConfigException(List.of(new Problem(file.toString(), "", e.getMessage()
                + "; auth.jwt.jwks names a JWKS document of the identity provider")));
        }
        keys.skipped().forEach(reason -> LOG.warn("auth.jwt.jwks: a key is not used: {}", reason));
    }

    private KeySet read() throws UnusableKeyException {
        try (InputStream stream = Files.newInputStream(file)) {
            return KeySet.parse(stream.readNBytes(KeySet.MAX_BYTES + 1), rules);
        } catch (final IOException e) {
            throw new UnusableKeyException(Files.exists(file) ? "cannot be read" : "no such file; looked for "
                + file.toAbsolutePath().normalize(), e);
        }
    }

    /** Reads the file again if it may have changed. */
    @Override
    protected void poll() {
        if (!watch.mayHaveChanged()) {
            return;
        }
        final KeySet next;
        try {
            next = read();
        } catch (final UnusableKeyException e) {
            if (!e.getMessage().equals(reported)) {
                reported = e.getMessage();
                LOG.error("auth.jwt.jwks: {}: {}; the keys that were read before remain", file, reported);
            }
            return;
        }
        reported = null;
        final boolean isSame = next.isSame(keys);
        keys = next;
        if (!isSame) {
            LOG.info("auth.jwt.jwks was read again: {}", next);
            next.skipped().forEach(reason -> LOG.warn("auth.jwt.jwks: a key is not used: {}", reason));
            listener.run();
        }
    }

    @Override
    public KeySet keys() {
        return keys;
    }

    /** The file is read within a second anyway. */
    @Override
    public void onUnknownKey() {
    }

    @Override
    public void onChanged(final Runnable next) {
        listener = next;
    }
}
