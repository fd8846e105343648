package penstock.topic.image;

/** An image whose value may be an object with a version per field. Owned by the shard's io thread. */
interface VersionedObject extends Image {
    /** The value's fields and their versions; null if it is no object. */
    FieldTable fields();

    /** Changes of fields since an older sequence are unknown. */
    long fieldsKnownQ();
}
