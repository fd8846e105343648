package penstock.identity.key;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import penstock.identity.Principal;
import penstock.identity.TokenException;

/**
 * The keys of one version of the file. A key is hashed before it is looked up, so the time of the look-up depends on
 * the hash alone, which gives nothing of the key away. Immutable.
 */
final class KeyTable {
    private static final int CREDENTIAL_DIGITS = 16;

    private final Map<String, Principal> byHash = new HashMap<>();
    private final Map<String, Principal> byId = new HashMap<>();

    /** Of principals and the hashes of their keys, both without duplicates. */
    KeyTable(final Map<String, Principal> byHash) {
        this.byHash.putAll(byHash);
        byHash.values().forEach(principal -> byId.put(principal.id(), principal));
    }

    /** What a principal's credential is: enough of the hash to tell keys apart, too little to be of use. */
    static String credential(final String hash) {
        return "sha256:" + hash.substring(0, CREDENTIAL_DIGITS);
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

    /** What a principal is by this table: the same object if it did not change, null if its key is gone. */
    Principal current(final Principal held) {
        final Principal now = byId.get(held.id());
        if (now == null || !now.credential().equals(held.credential())) {
            return null;
        }
        return now.equals(held) ? held : now;
    }

    int size() {
        return byHash.size();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof KeyTable table && byHash.equals(table.byHash);
    }

    @Override
    public int hashCode() {
        return byHash.hashCode();
    }

    @Override
    public String toString() {
        return size() + " keys";
    }
}
