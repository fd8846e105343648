package penstock.identity.key;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import penstock.identity.Principal;
import penstock.identity.TokenException;

/**
 * The lines of one version of the file, by the hashes of their keys and by the names in their certificates. A key is
 * hashed before it is looked up, so the time of the look-up depends on the hash alone, which gives nothing of the key
 * away. Immutable.
 */
final class KeyTable {
    private static final int CREDENTIAL_DIGITS = 16;
    private static final String CERTIFICATE = "certificate:";

    private final Map<String, Principal> byHash;
    private final Map<String, Principal> byCertificate;
    private final Map<String, Principal> byCredential = new HashMap<>();

    /** Of principals by the hashes of their keys, and by the names in their certificates. */
    KeyTable(final Map<String, Principal> byHash, final Map<String, Principal> byCertificate) {
        this.byHash = Map.copyOf(byHash);
        this.byCertificate = Map.copyOf(byCertificate);
        byHash.values().forEach(principal -> byCredential.put(credential(principal), principal));
        byCertificate.values().forEach(principal -> byCredential.put(credential(principal), principal));
    }

    /** What a principal's credential is: enough of the hash to tell keys apart, too little to be of use. */
    static String credential(final String hash) {
        return "sha256:" + hash.substring(0, CREDENTIAL_DIGITS);
    }

    /** What the credential of a principal is that shows a certificate. */
    static String credentialOfCertificate(final String name) {
        return CERTIFICATE + name;
    }

    static boolean isCertified(final Principal principal) {
        return principal.credential().startsWith(CERTIFICATE);
    }

    /** Neither part contains a line break. */
    private static String credential(final Principal principal) {
        return principal.id() + '\n' + principal.credential();
    }

    Principal find(final String token) throws TokenException {
        if (token == null || token.length() != ClientKey.CHARS || !token.startsWith(ClientKey.PREFIX)) {
            throw TokenException.invalid("the token does not have the form of a key");
        }
        final Principal principal = byHash.get(HexFormat.of().formatHex(ClientKey.sha256(token)));
        if (principal == null) {
            throw TokenException.invalid("the keys file has no such key");
        }
        return principal;
    }

    /** The principal that a certificate of this name names; null if no line has it. */
    Principal certified(final String name) {
        return byCertificate.get(name);
    }

    /** What a principal is by this table: the same object if it did not change, null if its line is gone. */
    Principal current(final Principal held) {
        final Principal now = byCredential.get(credential(held));
        if (now == null) {
            return null;
        }
        final Principal until = now.until(held.expiresAtMs());
        return until.equals(held) ? held : until;
    }

    boolean hasCertificates() {
        return !byCertificate.isEmpty();
    }

    Collection<Principal> clients() {
        return Collections.unmodifiableCollection(byCredential.values());
    }

    int size() {
        return byHash.size();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof KeyTable table && byHash.equals(table.byHash)
            && byCertificate.equals(table.byCertificate);
    }

    @Override
    public int hashCode() {
        return byHash.hashCode() + byCertificate.hashCode();
    }

    @Override
    public String toString() {
        return count(size(), "key")
            + (byCertificate.isEmpty() ? "" : " and " + count(byCertificate.size(), "certificate"));
    }

    private static String count(final int count, final String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
