import { useEffect, useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";

type Body<Props> = (props: Props & { close: () => void }) => JSX.Element;

interface SheetProps<Props> {
  title: string;
  /** What the button that closes it says. */
  leave: string;
  /** Whether that is what most people will press. */
  isMain?: boolean;
  load: () => Promise<Body<Props>>;
  /** Of what is loaded. */
  props: Props;
  onClose: () => void;
}

/** A dialog whose contents are loaded when it is opened: nobody needs them to listen. */
export function Sheet<Props>(sheet: SheetProps<Props>): JSX.Element {
  const { title, leave, isMain = false, load, props, onClose } = sheet;
  const dialog = useRef<HTMLDialogElement>(null);
  const [loaded, setLoaded] = useState<{ Body: Body<Props> }>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    load().then(
      (Body) => setLoaded({ Body }),
      () => setFailed(true),
    );
  }, []);
  const close = (): void => dialog.current?.close();
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={onClose}>
      <header class="dialog-head">
        <h2 id="sheet-title">{title}</h2>
        <button type="button" class={isMain ? "main" : undefined} onClick={close}>
          {leave}
        </button>
      </header>
      <div class="dialog-body">
        {loaded ? (
          <loaded.Body {...props} close={close} />
        ) : (
          <p class="small" role="status">
            {hasFailed
              ? "This could not be loaded. You hear and read all the same; load this page again to see it."
              : "One moment…"}
          </p>
        )}
      </div>
    </dialog>
  );
}
