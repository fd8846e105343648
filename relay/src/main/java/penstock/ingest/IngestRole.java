package penstock.ingest;

/** What a relay does beside its feeds when it takes the lease, and when it stands by. On the lease's or feed thread. */
public interface IngestRole {
    /** Nothing: there is one relay. */
    IngestRole NONE = new IngestRole() {
        @Override
        public void onActive(final long epoch) {
        }

        @Override
        public void onStandby() {
        }
    };

    /** This relay has the lease: its feeds connect now, and what they publish is of this epoch. */
    void onActive(long epoch);

    /** This relay stands by, and has no connection to a venue. */
    void onStandby();
}
