package io.proactor.engine.uring;

/**
 * What the engine may use of the kernel: what the probe found, less what the user has switched off.
 * Each has a property {@code proactor.uring.<name>}, since each has had a kernel bug.
 *
 * @param setupFlags with which a ring can be set up
 * @param buffers property {@code buffers}: rings of provided buffers, from which the kernel picks
 *     when data is there
 * @param multishot property {@code multishot}: one receive submission that goes on; never without
 *     {@code buffers}
 * @param quietSends property {@code quietsends}: sends that are carried out within the submission,
 *     and post a completion only if they fail; see {@link QuietSends}
 * @param ringClose property {@code ringclose}: sockets are closed with the next submission
 * @param links property {@code links}: chains of entries that the kernel starts one after the other
 * @param sendFile property {@code sendfile}: files that the processor has opened go out without a
 *     copy in user space; see {@link io.proactor.Proactor#openFile}
 */
record Features(int setupFlags, boolean buffers, boolean multishot, boolean quietSends,
        boolean ringClose, boolean links, boolean sendFile) {

    Features {
        assert buffers || !multishot : "a multishot receive takes its buffers from a ring";
    }
}
