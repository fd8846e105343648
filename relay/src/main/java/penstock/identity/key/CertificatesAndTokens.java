package penstock.identity.key;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import penstock.identity.CredentialSource;
import penstock.identity.Principal;
import penstock.identity.PrincipalListener;
import penstock.identity.TokenException;

/** Tokens of one source, and beside them the certificates that a file of keys names. Any thread. */
public final class CertificatesAndTokens implements CredentialSource {
    private final KeyFile certificates;
    private final CredentialSource tokens;

    /** Closes both at its end. */
    public CertificatesAndTokens(final KeyFile certificates, final CredentialSource tokens) {
        this.certificates = certificates;
        this.tokens = tokens;
    }

    @Override
    public Principal authenticate(final String token) throws TokenException {
        return tokens.authenticate(token);
    }

    @Override
    public CompletableFuture<Principal> verify(final String token) {
        return tokens.verify(token);
    }

    @Override
    public Principal certified(final String name) {
        return certificates.certified(name);
    }

    @Override
    public void onChanged(final PrincipalListener listener) {
        certificates.onChanged(changed -> listener.onChanged(this::current));
        tokens.onChanged(changed -> listener.onChanged(this::current));
    }

    /** Those of the file: who has a token is not known before it is shown. */
    @Override
    public Collection<Principal> clients() {
        return certificates.clients();
    }

    @Override
    public Principal current(final Principal held) {
        return (KeyTable.isCertified(held) ? certificates : tokens).current(held);
    }

    @Override
    public void start() {
        certificates.start();
        tokens.start();
    }

    @Override
    public void close() {
        certificates.close();
        tokens.close();
    }
}
