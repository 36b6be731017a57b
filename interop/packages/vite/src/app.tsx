import { useEffect, useState } from "react";
import { greetings } from "./calls.ts";

export default function App() {
  const [shown, setShown] = useState<string[]>([]);
  useEffect(() => {
    const url = new URLSearchParams(location.search).get("server")!;
    greetings(url).then(setShown, (error) => setShown([String(error)]));
  }, []);
  return (
    <ul>
      {shown.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
