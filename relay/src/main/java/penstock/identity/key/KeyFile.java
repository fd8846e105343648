package penstock.identity.key;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.ConfigException;
import penstock.identity.CredentialSource;
import penstock.identity.FileWatch;
import penstock.identity.PollThread;
import penstock.identity.Principal;
import penstock.identity.PrincipalListener;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.telemetry.ErrorLog;

/**
 * Authenticates by the keys of a file ({@code auth.mode = keys}), which is read again within a second after it changed.
 * While a new version is broken, the old keys remain; each mistake is logged once. Written by its own thread, read by
 * any.
 */
public final class KeyFile extends PollThread implements CredentialSource {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final int SHOWN_PROBLEMS = 10;

    private final KeyFileReader reader;
    private final FileWatch watch;
    private volatile KeyTable keys;
    private volatile PrincipalListener listener = current -> { };
    private String reported;

    /**
     * Reads the file.
     *
     * @param sessions limit of sessions of a key that names none; 0 = no limit
     * @throws ConfigException if it is missing or broken
     */
    public KeyFile(final Path file, final Products products, final int sessions, final ErrorLog errors) {
        this(new KeyFileReader(file, products, sessions, true), file, errors, Clock.systemUTC());
    }

    /** Reads a file whose lines name certificates and no keys, because keys are not accepted. As the constructor. */
    public static KeyFile ofCertificates(final Path file, final Products products, final int sessions,
            final ErrorLog errors) {
        return new KeyFile(new KeyFileReader(file, products, sessions, false), file, errors, Clock.systemUTC());
    }

    private KeyFile(final KeyFileReader reader, final Path file, final ErrorLog errors, final Clock clock) {
        super("keys", errors);
        this.reader = reader;
        watch = new FileWatch(file, clock);
        watch.mayHaveChanged();
        keys = reader.read();
    }

    /** How many keys and certificates the file has, in words. */
    public String contents() {
        return keys.toString();
    }

    @Override
    public Principal authenticate(final String token) throws TokenException {
        return keys.find(token);
    }

    @Override
    public Principal certified(final String name) {
        return keys.certified(name);
    }

    /** Whether a line names a certificate. */
    public boolean hasCertificates() {
        return keys.hasCertificates();
    }

    @Override
    public Collection<Principal> clients() {
        return keys.clients();
    }

    @Override
    public void onChanged(final PrincipalListener next) {
        listener = next;
    }

    @Override
    public Principal current(final Principal held) {
        return keys.current(held);
    }

    /** Reads the file again if it may have changed. */
    @Override
    protected void poll() {
        if (!watch.mayHaveChanged()) {
            return;
        }
        final KeyTable next;
        try {
            next = reader.read();
        } catch (final ConfigException broken) {
            report(broken);
            return;
        }
        reported = null;
        final KeyTable before = keys;
        if (!next.equals(before)) {
            keys = next;
            LOG.info("auth.keys-file was read again: {}, before {}", next, before);
            listener.onChanged(this::current);
        }
    }

    private void report(final ConfigException broken) {
        if (!broken.getMessage().equals(reported)) {
            reported = broken.getMessage();
            LOG.error("auth.keys-file is broken, and the keys that were read before remain:");
            broken.problems().stream().limit(SHOWN_PROBLEMS).forEach(problem -> LOG.error("{}", problem));
        }
    }
}
